using Agent.Config;
using Xunit;

namespace Agent.Tests.Config;

/// <summary>The CloudWatch agent's common-config.toml goes on counting.</summary>
public sealed class CommonConfigurationTests
{
    [Theory]
    [InlineData("[credentials]|shared_credential_profile = \"web\"", "AWS_PROFILE=web")]
    [InlineData("[credentials]|  shared_credential_file='/a b/c'  # there", "AWS_SHARED_CREDENTIALS_FILE=/a b/c")]
    [InlineData("# all|[proxy]|http_proxy = \"http://a:1\"|https_proxy=\"http://b:2\"|no_proxy = \"c\"",
        "HTTP_PROXY=http://a:1,HTTPS_PROXY=http://b:2,NO_PROXY=c")]
    [InlineData("[ssl]|ca_bundle_path = \"/etc/ca.pem\"", "AWS_CA_BUNDLE=/etc/ca.pem")]
    [InlineData("[imds]|imds_retries = 3", "")]
    [InlineData("[ssl]|ca_bundle_path = \"\"", "")]
    [InlineData("", "")]
    public void WhatItSetsIsUsed(string text, string variables)
    {
        var common = CommonConfiguration.Parse("c.toml", text.Split('|'));

        Assert.Equal(variables, string.Join(',', common.Variables.Select(one => $"{one.Key}={one.Value}")));
        Assert.Empty(common.Faults);
    }

    [Theory]
    [InlineData("[ssl]|nonsense", "c.toml:2: neither [section] nor key = \"text\"; the line is ignored")]
    [InlineData("[ssl]|ca_bundle_path = \"open", "c.toml:2: neither [section] nor key = \"text\"; the line is ignored")]
    [InlineData("[proxy]|ca_bundle_path = \"x\"", "c.toml:2: [proxy] ca_bundle_path is an unknown key and ignored")]
    public void WhatIsNotUnderstoodIsSaidWithItsLine(string text, string fault) =>
        Assert.Equal([fault], CommonConfiguration.Parse("c.toml", text.Split('|')).Faults);
}
