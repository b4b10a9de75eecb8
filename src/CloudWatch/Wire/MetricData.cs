using System.Globalization;
using System.Text.Json.Serialization;

namespace CloudWatch.Wire;

// The request of PutMetricData, with the service's own member names (API reference). Its answer has no members.

public sealed record PutMetricDataRequest
{
    public string? Namespace { get; init; }
    public IReadOnlyList<MetricDatum> MetricData { get; init; } = [];

    /// <summary>The same as the Query protocol has it: lists by <c>member.N</c>, times as ISO 8601.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToForm()
    {
        yield return new("Namespace", Namespace ?? "");
        foreach (var (i, datum) in MetricData.Index())
        {
            foreach (var (name, value) in datum.ToForm())
                yield return new($"MetricData.member.{i + 1}.{name}", value);
        }
    }
}

/// <summary>Observations of one metric at one time.</summary>
public sealed record MetricDatum
{
    public string? MetricName { get; init; }
    public IReadOnlyList<MetricDimension>? Dimensions { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double? Timestamp { get; init; }

    /// <summary>At most <see cref="Limits.DatumValues"/> that differ.</summary>
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>How often each was observed.</summary>
    public IReadOnlyList<double>? Counts { get; init; }

    public string? Unit { get; init; }

    internal IEnumerable<(string Name, string Value)> ToForm()
    {
        yield return ("MetricName", MetricName ?? "");
        foreach (var (i, dimension) in (Dimensions ?? []).Index())
        {
            yield return ($"Dimensions.member.{i + 1}.Name", dimension.Name ?? "");
            yield return ($"Dimensions.member.{i + 1}.Value", dimension.Value ?? "");
        }

        if (Timestamp is { } seconds)
        {
            var time = DateTime.UnixEpoch.AddSeconds(seconds);
            yield return ("Timestamp", time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        foreach (var (i, value) in (Values ?? []).Index())
            yield return ($"Values.member.{i + 1}", value.ToString("R", CultureInfo.InvariantCulture));

        foreach (var (i, count) in (Counts ?? []).Index())
            yield return ($"Counts.member.{i + 1}", count.ToString("R", CultureInfo.InvariantCulture));

        if (Unit is not null)
            yield return ("Unit", Unit);
    }
}

public sealed record MetricDimension
{
    public string? Name { get; init; }
    public string? Value { get; init; }
}

/// <summary>How these records stand on the wire: member names as they are, absent members left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PutMetricDataRequest))]
public sealed partial class MetricsJson : JsonSerializerContext;
