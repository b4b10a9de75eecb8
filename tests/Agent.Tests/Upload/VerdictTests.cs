using System.Globalization;
using Agent.Tests.Support;
using Agent.Upload;
using Xunit;

namespace Agent.Tests.Upload;

/// <summary>Cases/upload/verdicts.txt: what an answer means for the batch.</summary>
public sealed class VerdictTests
{
    public static TheoryData<int, string, string> Table =>
        [.. from columns in Cases.Table("upload/verdicts.txt", " | ")
            select new TheoryDataRow<int, string, string>(
                int.Parse(columns[0], CultureInfo.InvariantCulture),
                columns[1] == "(nothing)" ? "" : columns[1],
                columns[2])];

    [Theory, MemberData(nameof(Table))]
    public void AnAnswerMeansOneThing(int status, string body, string verdict) =>
        Assert.Equal(verdict, Verdicts.Of(Answers.Of(status, body)).ToString());
}
