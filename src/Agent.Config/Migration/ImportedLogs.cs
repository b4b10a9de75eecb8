using System.Text.Json.Nodes;

namespace Agent.Config.Migration;

/// <summary>What another agent's configuration comes to.</summary>
/// <param name="Entries">Of a collect_list.</param>
/// <param name="FlushSeconds">The force_flush_interval; null where none is said.</param>
/// <param name="Notes">What was not taken over, and why.</param>
sealed record ImportedLogs(IReadOnlyList<JsonObject> Entries, int? FlushSeconds, IReadOnlyList<string> Notes)
{
    public string? Region { get; init; }

    /// <summary>The endpoint_override; null where the region's own is meant.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The vigil section; empty where nothing is to be said there.</summary>
    public JsonObject Vigil { get; init; } = [];

    /// <summary>The whole document.</summary>
    public JsonObject ToDocument()
    {
        var logs = new JsonObject
        {
            ["logs_collected"] = new JsonObject
            {
                ["files"] = new JsonObject { ["collect_list"] = new JsonArray([.. Entries]) }
            }
        };
        if (FlushSeconds is { } seconds)
            logs["force_flush_interval"] = seconds;
        if (Endpoint is not null)
            logs["endpoint_override"] = Endpoint;

        var document = new JsonObject { ["logs"] = logs };
        if (Region is not null)
            document["agent"] = new JsonObject { ["region"] = Region };
        if (Vigil.Count > 0)
            document["vigil"] = Vigil.DeepClone();

        return document;
    }
}
