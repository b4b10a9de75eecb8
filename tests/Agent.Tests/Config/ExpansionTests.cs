using Agent.Config;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>${NAME} in a text of a configuration.</summary>
public sealed class ExpansionTests : IDisposable
{
    const string Variable = "VIGIL_TEST_EXPANSION";

    readonly TestFolder _folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _folder.Dispose();
    }

    [Fact]
    public void WhatTheEnvironmentSaysStandsForTheName()
    {
        Environment.SetEnvironmentVariable(Variable, "shop");
        var file = Assert.Single(Read("/var/log/${VIGIL_TEST_EXPANSION}/a.log", "${VIGIL_TEST_EXPANSION}-logs")
            .Configuration!.Logs.Files);

        Assert.Equal(("/var/log/shop/a.log", "shop-logs"), (file.FilePath, file.LogGroupName));
    }

    [Fact]
    public void WhatItStandsForIsCheckedAsIfItWereWritten()
    {
        Environment.SetEnvironmentVariable(Variable, "a b");
        var fault = Assert.Single(Read("/var/log/a.log", "${VIGIL_TEST_EXPANSION}").Faults);

        Assert.Contains("a blank was found in \"a b\"", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameThatTheEnvironmentDoesNotHaveIsAFault()
    {
        var result = Read("/var/log/a.log", "${VIGIL_TEST_EXPANSION}");

        Assert.Null(result.Configuration);
        Assert.Contains("the environment has no such variable", Assert.Single(result.Faults).What,
            StringComparison.Ordinal);
    }

    ReadResult Read(string path, string group)
    {
        var entry = $$"""{"file_path":"{{path}}","log_group_name":"{{group}}","log_stream_name":"s"}""";
        _folder.Write(
            "config.json", "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[" + entry + "]}}}}");
        return ConfigurationReader.Read(_folder["config.json"]);
    }
}
