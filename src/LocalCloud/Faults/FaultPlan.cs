using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalCloud.Faults;

/// <summary>How a server is to fail, for tests and demonstrations.</summary>
public sealed record FaultPlan
{
    /// <summary>Tried in this order; null is none.</summary>
    public IReadOnlyList<FaultRule>? Rules { get; init; }

    /// <summary>How far the server's clock is ahead of the host's; negative where it is behind.</summary>
    public double ClockOffsetSeconds { get; init; }

    /// <summary>The same seed throws the same dice.</summary>
    public int Seed { get; init; }

    /// <exception cref="LocalCloudException">It is none; the message says where.</exception>
    public static FaultPlan Read(ReadOnlySpan<byte> json, string where)
    {
        try
        {
            var plan = JsonSerializer.Deserialize(json, FaultJson.Default.FaultPlan)
                ?? throw new LocalCloudException($"{where}: an object with \"rules\" is expected");
            plan.Check(where);
            return plan;
        }
        catch (JsonException e)
        {
            throw new LocalCloudException($"{where}: {e.Message}", e);
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, FaultJson.Default.FaultPlan);

    void Check(string where)
    {
        for (var i = 0; i < Rules?.Count; i++)
        {
            var fault = Rules[i] switch
            {
                null => "is null",
                { Effects: not 1 } => "must do one thing: error, cut, drop_answer, requests_per_second, latency_ms or "
                    + "drip_ms",
                { Share: < 0 or > 1 } => "share must be from 0 to 1",
                { Status: < 400 or > 599 } => "status must be from 400 to 599",
                { Times: < 0 } or { RequestsPerSecond: < 0 } or { LatencyMs: < 0 or > 600_000 }
                    or { DripMs: < 0 or > 60_000 } => "a number is out of its bounds",
                _ => null
            };
            if (fault is not null)
                throw new LocalCloudException($"{where}: rules[{i}]: {fault}");
        }

        if (Math.Abs(ClockOffsetSeconds) > TimeSpan.FromDays(3650).TotalSeconds)
            throw new LocalCloudException($"{where}: clock_offset_seconds: ten years are the most");
    }
}

/// <summary>Snake case, as the agent's configuration; what is not known is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true)]
[JsonSerializable(typeof(FaultPlan))]
sealed partial class FaultJson : JsonSerializerContext;
