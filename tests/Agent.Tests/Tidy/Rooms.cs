namespace Agent.Tests.Tidy;

/// <summary>Who may look into which room of src/Agent. A room is a folder and the namespace named after it; the other
/// projects of the house stand in the same table, by their assembly's name.</summary>
static class Rooms
{
    const string CloudWatch = "CloudWatch";
    const string Config = "Agent.Config";
    const string LocalCloud = "LocalCloud";

    /// <summary>Every room may use these, and they use none.</summary>
    static readonly string[] Leaves = ["Events", "Native"];

    static readonly string[] SpeakingTheServicesLanguage = ["Aws", "Batch", "Detect", "Filter", "Framing", "Upload"];

    static readonly string[] KeepingToThemselves =
        ["Bench", "Checkpoint", "Discovery", "Journal", "Measure", "Notify", "Status", "Tail"];

    /// <summary>What each room may see beside itself.</summary>
    static readonly Dictionary<string, string[]> Sees = SeenByEach();

    public static IEnumerable<string> Known => Sees.Keys;

    /// <summary>The rooms that a terminal belongs to.</summary>
    public static bool MaySpeak(TypeName user) => RoomOf(user) == "Commands";

    /// <summary>Null if the one may use the other, or else what is wrong.</summary>
    public static string? Breach(TypeName user, TypeName used)
    {
        var (from, to) = (RoomOf(user), RoomOf(used));
        if (from is null || to is null || from == to)
            return null;

        return Sees.TryGetValue(from, out var seen) && seen.Contains(to) ? null : $"{user} uses {used}";
    }

    /// <summary>The second part of a name in vigil, or another project of the house; null for the world outside and for
    /// what stands in no room, such as Program.</summary>
    static string? RoomOf(TypeName type) => type.Assembly switch
    {
        "vigil" => type.Namespace.Split('.') is ["Agent", var room, ..] ? room : null,
        CloudWatch or Config or LocalCloud => type.Assembly,
        _ => null
    };

    static Dictionary<string, string[]> SeenByEach()
    {
        var sees = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var room in Leaves)
            sees[room] = [];
        foreach (var room in KeepingToThemselves)
            sees[room] = Leaves;
        foreach (var room in SpeakingTheServicesLanguage)
            sees[room] = [.. Leaves, CloudWatch];

        sees["Pipeline"] = [.. sees.Keys, CloudWatch, Config];
        sees["Commands"] = [.. sees.Keys, CloudWatch, Config, LocalCloud];
        return sees;
    }
}
