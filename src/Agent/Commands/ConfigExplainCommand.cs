using System.CommandLine;
using Agent.Config;

namespace Agent.Commands;

/// <summary><c>vigil config explain</c>: what a key is, and what its value may be.</summary>
static class ConfigExplainCommand
{
    public static Command Create()
    {
        var key = new Argument<string>("KEY")
        {
            Description = "A key by its name or its path; or a part of its name"
        };
        var command = new Command(
            "explain",
            "Say what a key of the configuration is and what its value may be\n\n"
            + "Examples:\n"
            + "  vigil config explain retention_in_days\n"
            + "  vigil config explain logs.force_flush_interval\n"
            + "  vigil config explain vigil.detections.metric")
        {
            key
        };
        command.SetGuardedAction(async (parsed, _) =>
        {
            var named = parsed.GetRequiredValue(key);
            var found = Find(named);
            foreach (var one in found)
            {
                await Console.Out.WriteLineAsync($"{one.Path}\n  {one.Means}: {one.Allowed}");
                foreach (var (value, means) in one.Values)
                {
                    await Console.Out.WriteLineAsync($"  {value}: {means}");
                }

                if (one.Within.Count > 0)
                {
                    await Console.Out.WriteLineAsync($"  in it: {string.Join(", ", one.Within)}");
                }

                if (one.Needed is { } needed)
                {
                    await Console.Out.WriteLineAsync($"  needed: {needed}");
                }

                if (one.NotServed is { } instead)
                {
                    await Console.Out.WriteLineAsync($"  not served by Vigil: {instead}");
                }
            }

            return found.Count > 0 ? ExitCode.Done
                : throw new UsageException($"{named}: there is no such key; vigil config schema lists all");
        });
        return command;
    }

    // Nobody need say that a list is one.
    static string Plain(string path) => path.Replace("[]", "", StringComparison.Ordinal);

    // By the whole name where there is one of it, else by a part.
    static List<KnownKey> Find(string named)
    {
        var all = ConfigurationKeys.All;
        named = Plain(named);
        var whole = all.Where(key => Plain(key.Path) == named
            || Plain(key.Path).EndsWith("." + named, StringComparison.Ordinal)).ToList();
        return whole.Count > 0 ? whole
            : [.. all.Where(key => key.Path.Split('.')[^1].Contains(named, StringComparison.OrdinalIgnoreCase))];
    }
}
