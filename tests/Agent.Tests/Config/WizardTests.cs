using System.Text;
using System.Text.Json.Nodes;
using Agent.Config;
using Agent.Config.Wizard;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>Cases/wizard/flows.txt: a list of answers gives a document.</summary>
public sealed class WizardTests : IDisposable
{
    const string Awslogs =
        """
        [general]
        state_file = /var/awslogs/state/agent-state

        ; the system's log
        [/var/log/messages]
        datetime_format = %b %d %H:%M:%S
        time_zone = LOCAL
        file = /var/log/messages
        buffer_duration = 5000
        log_stream_name = {instance_id}
        Log_Group_Name : messages
        multi_line_start_pattern = {datetime_format}
        encoding = utf_8
        retention_in_days = 14
        initial_position = start_of_file
        colour = blue

        [nothing]
        encoding = klingon
        nonsense
        """;

    readonly StringWriter _shown = new();

    public static TheoryData<string, string, string> Flows =>
        [.. from columns in Cases.Table("wizard/flows.txt", " | ")
            select new TheoryDataRow<string, string, string>(columns[0], columns[1], columns[2])];

    [Theory, MemberData(nameof(Flows))]
    public async Task AnswersGiveADocument(string year, string answers, string document)
    {
        var made = await AskAsync(year, answers);

        Assert.Equal(JsonNode.Parse(document)!.ToJsonString(), JsonNode.Parse(made)!.ToJsonString());
        Assert.True(made.AsSpan().IndexOfAny("<>&") < 0);
    }

    [Theory, MemberData(nameof(Flows))]
    public async Task WhatComesOfItIsAConfiguration(string year, string answers, string document)
    {
        var faults = ConfigurationReader.Read("config", Encoding.UTF8.GetBytes(await AskAsync(year, answers))).Faults;

        // Unless a name is none, or nothing is asked for that is served.
        var isServed = document.Contains("file_path", StringComparison.Ordinal) || document.Contains("journald");
        var isGood = isServed && !document.Contains("u003c");
        Assert.Equal(isGood, faults.All(fault => fault.Severity != Severity.Error));
    }

    [Fact]
    public async Task TheExercisesQuestionsComeInItsOrder()
    {
        await AskAsync("2023", "1 1 2 2 2 2 2 1 /var/log/secure x - - - 2 2");

        string[] questions =
        [
            "On which OS are you planning to use the agent?", "Are you using EC2 or On-Premises hosts?",
            "Which user are you planning to run the agent?", "Do you want to turn on StatsD daemon?",
            "Do you want to monitor metrics from CollectD?", "Do you want to monitor any host metrics?",
            "Do you have any existing CloudWatch Log Agent configuration file to import for migration?",
            "Do you want to monitor any log files?", "Log file path:", "Log group name:", "Log group class:",
            "Log stream name:", "Log Group Retention in days",
            "Do you want to specify any additional log files to monitor?",
            "Do you want the CloudWatch agent to also retrieve X-ray traces?"
        ];
        var places = questions.Select(question => $"{_shown}".IndexOf(question, StringComparison.Ordinal)).ToList();
        Assert.All(places, place => Assert.True(place > 0));
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [InlineData("1 1 2 1 - - - 2 2 2 2 2", "takes StatsD")]
    [InlineData("1 1 2 2 1 2 2 2 2", "collectd sends")]
    [InlineData("1 1 2 2 2 1 - - - - - - 2 2 2", "the CloudWatch agent, with a metrics section alone")]
    [InlineData("1 1 2 2 2 2 2 2 1", "OpenTelemetry sends traces")]
    public async Task WhatIsNotServedIsSaidPlainly(string answers, string instead)
    {
        await AskAsync("2023", answers);

        Assert.Contains("It is not a part of what Vigil does", $"{_shown}", StringComparison.Ordinal);
        Assert.Contains(instead, $"{_shown}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsLookedAtIsSaidAtOnce()
    {
        await AskAsync("2023", "1 1 1 2 2 2 2 1 /var/log/secure x - - - 2 2");

        Assert.Contains(
            "Log file path:\n/var/log/secure for cwagent\nLog group name:",
            $"{_shown}".ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAnotherAgentHadAndVigilHasNotIsSaid()
    {
        await AskAsync("2023", "1 1 2 2 2 2 1 - 2 2");

        foreach (var note in new[]
        {
            "[/var/log/messages] colour = \"blue\" has no counterpart",
            "[nothing] encoding = \"klingon\" is not known", "line 20 is neither a section nor a key",
            "[nothing] names no file", "1 log files were taken over"
        })
        {
            Assert.Contains(note, $"{_shown}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhereTheAnswersEndIsNamed()
    {
        var fault = await Assert.ThrowsAsync<EndOfStreamException>(() => AskAsync("2023", "1 1 2"));

        Assert.Equal("the answers ended before the one to \"Do you want to turn on StatsD daemon?\"", fault.Message);
    }

    public void Dispose() => _shown.Dispose();

    async Task<string> AskAsync(string year, string answers)
    {
        var lines = answers.Split(' ')
            .Select(answer => answer == "-" ? "" : answer.Replace('␠', ' '));
        var wizard = new ConfigurationWizard(
            new(new StringReader(string.Join('\n', lines)), _shown),
            new()
            {
                AsksForJournald = year == "2026",
                IsOnEc2Async = () => Task.FromResult(true),
                RegionAsync = () => Task.FromResult("eu-central-1"),
                LookAt = (path, user) => [$"{path} for {user}"],
                ReadFile = _ => Awslogs
            });
        var document = await wizard.AskAsync();
        return document;
    }
}
