namespace Agent.Config;

/// <summary>What the CloudWatch agent's common-config.toml says of credentials, proxy and certificate authorities,
/// under the names that the environment has for it. The file has a handful of keys with plain texts, and is read as far
/// as that goes.</summary>
/// <param name="Variables">What it sets.</param>
/// <param name="Faults">What in it is not understood; the rest of it is used.</param>
public sealed record CommonConfiguration(
    IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Faults)
{
    /// <summary>Where the CloudWatch agent's package puts it.</summary>
    public const string UsualPath = "/opt/aws/amazon-cloudwatch-agent/etc/common-config.toml";

    // imds_retries is taken without a word: the metadata service is asked until it answers.
    static readonly Dictionary<string, string?> Keys = new(StringComparer.Ordinal)
    {
        ["credentials.shared_credential_profile"] = "AWS_PROFILE",
        ["credentials.shared_credential_file"] = "AWS_SHARED_CREDENTIALS_FILE",
        ["proxy.http_proxy"] = "HTTP_PROXY",
        ["proxy.https_proxy"] = "HTTPS_PROXY",
        ["proxy.no_proxy"] = "NO_PROXY",
        ["ssl.ca_bundle_path"] = "AWS_CA_BUNDLE",
        ["imds.imds_retries"] = null
    };

    /// <summary>Reads the file. One that is not there says nothing.</summary>
    public static CommonConfiguration Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? Parse(path, File.ReadAllLines(path))
                : new(new Dictionary<string, string>(), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(new Dictionary<string, string>(), [$"{path}: cannot be read: {e.Message}"]);
        }
    }

    /// <param name="name">What the faults call it.</param>
    public static CommonConfiguration Parse(string name, IReadOnlyList<string> lines)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        var section = "";
        for (var number = 1; number <= lines.Count; number++)
        {
            var line = lines[number - 1].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[' && line.TrimEnd().EndsWith(']'))
            {
                section = line[1..^1].Trim();
            }
            else if (Setting(line) is not var (key, value))
            {
                faults.Add($"{name}:{number}: neither [section] nor key = \"text\"; the line is ignored");
            }
            else if (!Keys.TryGetValue($"{section}.{key}", out var variable))
            {
                faults.Add($"{name}:{number}: [{section}] {key} is an unknown key and ignored");
            }
            else if (variable is not null && value.Length > 0)
            {
                variables[variable] = value;
            }
        }

        return new(variables, faults);
    }

    static (string Key, string Value)? Setting(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return null;
        }

        var (key, value) = (line[..equals].Trim(), line[(equals + 1)..].Trim());
        if (value is ['"' or '\'', ..])
        {
            var end = value.IndexOf(value[0], 1);
            return end > 0 && IsOver(value[(end + 1)..]) ? (key, value[1..end]) : null;
        }

        var digits = value.TakeWhile(char.IsAsciiDigit).Count();
        return digits > 0 && IsOver(value[digits..]) ? (key, value[..digits]) : null;
    }

    static bool IsOver(string rest) => rest.TrimStart() is [] or ['#', ..];
}
