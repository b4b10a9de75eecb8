using Agent.Aws;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Aws;

/// <summary>Cases/aws/names.txt: the names of groups and streams as they were configured, and as they are sent.
/// </summary>
public sealed class NameTemplateTests
{
    static readonly InstanceFacts Facts =
        new("i-0abc", "ip-10-0-0-1.ec2.internal", "web-1", "10.0.0.1", "eu-central-1", "123456789012");

    public static TheoryData<string, string> Table =>
        [.. from columns in Cases.Table("aws/names.txt", " | ")
            select new TheoryDataRow<string, string>(columns[0], columns[1])];

    [Theory, MemberData(nameof(Table))]
    public void APlaceholderStandsForWhatTheInstanceSays(string template, string name)
    {
        Assert.Equal(name, NameTemplate.Expand(template, Facts, new(2026, 2, 3)));
        Assert.True(NameTemplate.NeedsFacts(template) || template == name);
    }
}
