using Agent.Tests.Support;
using Agent.Upload;
using CloudWatch.Wire;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>A missing log group or log stream is made, whoever else makes it too.</summary>
public sealed class TargetCreationTests
{
    readonly ScriptedService _service = new();
    readonly CollectingLog _log = new();
    readonly TargetCreation _creation;

    public TargetCreationTests() => _creation = new(_service.CallAsync, new(8, TimeProvider.System), _log);

    [Fact]
    public async Task AMissingGroupIsMadeWithItsClassAndThenTheStream()
    {
        var hasGroup = false;
        _service.OnCall = action =>
        {
            var answer = action == "CreateLogStream" && !hasGroup
                ? Answers.Error("ResourceNotFoundException")
                : Answers.Ok();
            hasGroup |= action == "CreateLogGroup";
            return Task.FromResult(answer);
        };

        var answer = await _creation.CreateAsync(
            new("group", "stream", "INFREQUENT_ACCESS", null)
            {
                KmsKeyId = "k",
                Tags = new Dictionary<string, string> { ["a"] = "b" }
            }, TestContext.Current.CancellationToken);

        Assert.True(answer.IsSuccess);
        Assert.Equal(
        [
            ("CreateLogStream", """{"logGroupName":"group","logStreamName":"stream"}"""),
            (
                "CreateLogGroup",
                """{"logGroupName":"group","kmsKeyId":"k","tags":{"a":"b"},"logGroupClass":"INFREQUENT_ACCESS"}"""
            ),
            ("CreateLogStream", """{"logGroupName":"group","logStreamName":"stream"}""")
        ], _service.Calls);
        Assert.Equal(
            ["Information: Created log group group", "Information: Created log stream stream in group"], _log.Lines);
    }

    [Fact]
    public async Task ATargetIsMadeOnceHoweverManyWaitForIt()
    {
        var creation = new TaskCompletionSource<ServiceAnswer>();
        _service.OnCall = _ => creation.Task;
        var waiting = Enumerable.Range(0, 3).Select(_ => CreateAsync()).ToList();
        creation.SetResult(Answers.Ok());

        Assert.All(await Task.WhenAll(waiting), answer => Assert.True(answer.IsSuccess));
        Assert.Equal(["CreateLogStream"], _service.Actions);
    }

    [Fact]
    public async Task ThatSomebodyElseWasFasterIsSuccessAndNotOurDoing()
    {
        _service.OnCall = _ => Task.FromResult(Answers.Error("ResourceAlreadyExistsException"));

        Assert.True((await CreateAsync()).IsSuccess);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("CreateLogStream", "AccessDeniedException")]
    [InlineData("CreateLogGroup", "LimitExceededException")]
    public async Task WhatStandsInTheWayIsHandedOn(string action, string error)
    {
        _service.OnCall = called => Task.FromResult(
            called == action ? Answers.Error(error) : Answers.Error("ResourceNotFoundException"));

        Assert.Equal(error, (await CreateAsync()).ReadError().Type);
    }

    [Fact]
    public async Task AFailureIsNotRememberedForTheNextOne()
    {
        _service.OnCall = _ => Task.FromException<CloudWatch.Wire.ServiceAnswer>(new HttpRequestException("reset"));
        await Assert.ThrowsAsync<HttpRequestException>(CreateAsync);
        _service.OnCall = _ => Task.FromResult(Answers.Ok());

        Assert.True((await CreateAsync()).IsSuccess);
    }

    Task<CloudWatch.Wire.ServiceAnswer> CreateAsync() =>
        _creation.CreateAsync(Some.Target, TestContext.Current.CancellationToken);
}
