namespace Agent.Config.Model;

/// <summary>The words in braces that a log group or log stream name may hold.</summary>
public static class Placeholders
{
    public static IReadOnlyList<string> Known { get; } =
        ["{instance_id}", "{hostname}", "{local_hostname}", "{ip_address}", "{aws_region}", "{account_id}", "{date}"];

    /// <summary>What looks like a placeholder and is none. It would stay in the name as it is written.</summary>
    internal static IEnumerable<string> UnknownIn(string name) => Braced(name).Distinct().Except(Known);

    static IEnumerable<string> Braced(string name)
    {
        var open = -1;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '{')
                open = i;

            if (name[i] != '}' || open < 0)
                continue;

            yield return name[open..(i + 1)];
            open = -1;
        }
    }
}
