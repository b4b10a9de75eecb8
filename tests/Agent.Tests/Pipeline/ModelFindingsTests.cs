using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>What the model test found.</summary>
public sealed class ModelFindingsTests
{
    [Fact]
    public Task ACopyIsNotReadAgainThoughTheLogWasReadFurtherBeforeItsTruncation() => Many(
        "write 1; start; pass 6; copy; write 2; read; truncate; write 1; pass 6");

    [Fact]
    public Task ACopyIsNotReadAgainThoughItsNameIsThatOfAFileThatWasReadBefore() => Many(
        "write 1; copy; truncate; write 1; start; pass 6; copy; pass 6; truncate; write 1; pass 6");

    [Fact]
    public Task ALogWhoseRotatedNameWasFoundByThePatternIsCopiedAndReadOnce() => Many(
        "write 1; start; pass 6; date; write 2; rotate; write 1; read; copy; truncate");

    [Fact]
    public Task ALogThatWasTruncatedBeforeAKillAndThenRotatedIsRead() => One(
        "write 1; start; pass 6; truncate; write 2; kill; rename; start");

    [Fact]
    public Task LinesOfALogThatWasEmptyAreReadFromTheCopyThatWasMadeWhileTheAgentWasDown() => One(
        "write 1; start; pass 6; rotate; pass 6; stop; write 2; copy; truncate; write 1; start");

    [Fact]
    public Task ACopyThatWasMadeBetweenTwoLooksIsReadThoughNobodyHadSeenWhatWasCopied() => One(
        "write 1; start; pass 6; truncate; write 2; copy; truncate; write 1; read");

    [Fact]
    public Task ALogThatWasTruncatedAndThenRotatedWhileTheAgentWasDownIsRead() => One(
        "write 1; start; pass 6; stop; truncate; write 2; rotate; start");

    [Fact]
    public Task ALogThatCameAndWentWhileTheAgentWasDownIsReadThoughNothingWasDeliveredBefore() => One(
        "refuse; write 1; start; pass 6; stop; rotate; write 2; rotate; accept; start");

    [Fact]
    public Task ALogThatWasTruncatedLongAgoIsNotReadAgainOnceItIsRotated() => Many(
        "write 1; start; pass 6; truncate; write 2; pass 6; rotate; pass 6");

    [Fact]
    public Task ALogThatIsTruncatedAndRotatedBetweenTwoLooksIsReadOnce() => Many(
        "write 1; start; pass 6; truncate; write 4; rotate; pass 6");

    [Fact]
    public Task ACopyIsNotReadAgainThoughItsLogIsRotatedBeforeALook() => Many(
        "write 1; start; pass 6; copy; truncate; rotate; pass 6");

    [Fact]
    public Task ACopyInTheMakingIsNotReadThoughItsLogIsNew() => Many(
        "write 1; start; pass 6; rotate; write 4; copy; read; truncate");

    [Fact]
    public Task ACopyInTheMakingIsNotReadThoughItsOnlyLogIsNew() => One(
        "write 1; start; pass 6; rotate; write 4; copy; read; truncate");

    [Fact]
    public Task WhatWasWrittenAfterTheCopyIsRecordedAsLostThoughTheLogIsAnotherByNow() => One(
        "write 1; start; pass 6; copy; write 2; truncate; kill; delete; start");

    [Fact]
    public Task AnEmptyFileThatWasRotatedBetweenTwoLooksIsReadOnceItsWriterWritesToIt() => One(
        "write 1; start; pass 6; rotate; rotate; read; late 2; pass 6");

    [Fact]
    public Task ACopyOfWhatNobodyHadSeenIsReadThoughThePatternMatchesIt() => Many(
        "write 1; start; pass 6; truncate; write 1; copy");

    [Fact]
    public Task ACopyIsNotReadAgainThoughItIsShorterThanTheBeginningThatIsKnown() => One(
        "write 1; start; pass 6; copy; write 4; pass 60");

    [Fact]
    public Task ACopyIsReadThoughItsLogGrewBeforeAnybodyReadIt() => Many(
        "write 1; start; pass 6; rotate; write 1; copy; write 4; read");

    [Fact]
    public Task ACopyThatASearchCameUponIsReadOnce() => One(
        "write 1; start; pass 6; rotate; write 1; copy; write 4; read");

    [Fact]
    public Task ARotatedNameThatThePatternFoundIsNotReadAgainOnceItIsCompressed() => Many(
        "write 1; start; pass 6; rename; write 3; rotate; read; rotate; compress 1");

    [Fact]
    public Task ACopyOfALogThatWasEmptyAtTheLastLookIsRead() => One(
        "write 1; start; pass 6; date; read; write 2; copy");

    [Fact]
    public Task AFileThatWasCompressedBeforeItWasReadIsReadOnce() => One(
        "write 1; start; pass 6; replace; pass 1; date; late 2; compress 0");

    [Fact]
    public Task ACopyIsNotReadAgainThoughItEndsInTheMiddleOfWhatWasReadAtOnce() => Many(
        "write 1; start; pass 6; write 3; write 3; copy; write 4; read");

    [Fact]
    public Task ACopyIsNotReadAgainThoughItsLogWasTruncatedAndRotatedBetweenTwoLooks() => One(
        "write 1; start; pass 6; copy; write 1; read; truncate; rotate");

    [Fact]
    public Task ACopyThatWasCompressedUnderTheNameOfAFileThatWasReadIsNotReadAgain() => Many(
        "write 1; start; pass 6; rename; write 1; rename; write 4; read; copy; truncate; compress 0");

    [Fact]
    public Task AFileThatIsRemovedBeforeTheServiceTookItIsRecordedAsLostAfterARestart() => Many(
        "write 1; start; pass 6; delete; write 4; date; refuse; pass 700; remove; stop");

    [Fact]
    public Task ALossIsRecordedThoughTheTruncatedLogWasRotatedAndItsCopyCompressedWhileNobodyLooked() => One(
        "write 1; start; pass 6; stop; copy; write 2; truncate; rotate; date; compress 2");

    [Fact]
    public Task ALossIsRecordedThoughTheCopyGotAnotherNameWhileItWasLookedFor() => One(
        "write 1; start; pass 6; copy; kill; write 3; truncate; start; rotate; compress 1; read; rename");

    [Fact]
    public Task WhatWasWrittenAfterATruncationIsReadThoughItWasRotatedAndCompressedBetweenTwoLooks() => One(
        "write 1; start; pass 6; truncate; partial; rotate; compress 0");

    [Fact]
    public Task AFileWhoseLastLineWaitedWhenItWasCompressedIsReadOnce() => Many(
        "write 1; start; pass 6; delete; partial; rename; pass 1; compress 0");

    static Task One(string script) => JudgeAsync(isPattern: false, script);

    static Task Many(string script) => JudgeAsync(isPattern: true, script);

    static async Task JudgeAsync(bool isPattern, string script)
    {
        var fault = await ModelRun.JudgeAsync(isPattern, isHolding: false, ModelStep.Parse(script));
        Assert.True(fault.Length == 0, fault);
    }
}
