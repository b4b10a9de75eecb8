using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using CloudWatch.Patterns;
using CloudWatch.Patterns.Json;
using CloudWatch.Patterns.Terms;

namespace CloudWatch.Metrics;

/// <summary>What makes observations of log events: a pattern, and the value that one which matches counts for.
/// Source: API, PutMetricFilter and MetricTransformation.</summary>
public sealed class MetricFilter
{
    readonly double _number;

    MetricFilter(FilterPattern pattern, string value, double number, ValueSelector? selector)
    {
        (Pattern, Value, _number, Selector) = (pattern, value, number, selector);
    }

    public FilterPattern Pattern { get; }

    /// <summary>What a match counts for, as it was written.</summary>
    public string Value { get; }

    /// <summary>Null where every match counts the same.</summary>
    public ValueSelector? Selector { get; }

    /// <summary>What each event counts for that does not match (observed); null for nothing.</summary>
    public double? DefaultValue { get; init; }

    /// <summary>The names of the dimensions, and where their values are in an event.</summary>
    public IReadOnlyList<(string Name, ValueSelector Value)> Dimensions { get; init; } = [];

    /// <summary>Whether observations are never below zero, so that their sum can only grow.</summary>
    public bool IsNeverNegative => Selector is null && _number >= 0 && DefaultValue is null or >= 0;

    /// <param name="value">A number, or a selector of the pattern's form.</param>
    /// <param name="error">In the service's words.</param>
    public static bool TryCreate(
        FilterPattern pattern, string value, double? defaultValue,
        IReadOnlyList<KeyValuePair<string, string>> dimensions,
        [NotNullWhen(true)] out MetricFilter? filter, [NotNullWhen(false)] out string? error)
    {
        filter = null;
        error = defaultValue is { } other && !(Math.Abs(other) <= Limits.Observation)
            ? $"Invalid metric transformation: default value {other} must be a valid number"
            : WhyNot(pattern, defaultValue, dimensions.Count);
        if (error is not null)
            return false;

        var places = new List<(string, ValueSelector)>();
        foreach (var (name, written) in dimensions)
        {
            if (!IsSelector(written, pattern, out var place))
            {
                error = "Invalid metric transformation: dimension value must be valid selector";
                return false;
            }

            places.Add((name, place));
        }

        ValueSelector? selector = null;
        if (!TryParseNumber(Encoding.UTF8.GetBytes(value), out var number) && !IsSelector(value, pattern, out selector))
        {
            error = $"Invalid metric transformation: metric value {value} must be a valid number";
            return false;
        }

        filter = new(pattern, value, number, selector) { DefaultValue = defaultValue, Dimensions = places };
        return true;
    }

    /// <summary>For one thread.</summary>
    public Matcher CreateMatcher() => new(this);

    static string? WhyNot(FilterPattern pattern, double? defaultValue, int dimensions) => dimensions switch
    {
        0 => null,
        > Limits.MetricFilterDimensions =>
            "Number of dimensions exceeds the maximum number of dimensions supported per metric filter",
        _ when defaultValue is not null => "Invalid metric transformation: dimensions and default value are mutually "
            + "exclusive properties",
        _ when pattern.Tree is TermsTree => "The specified filter pattern does not support dimensions",
        _ => null
    };

    static bool IsSelector(string text, FilterPattern pattern, [NotNullWhen(true)] out ValueSelector? selector) =>
        ValueSelector.TryParse(text, out selector, out _)
        && selector is not PathSelector { Path.HasWildcard: true }
        && pattern.Tree is not TermsTree
        && selector is PathSelector == pattern.Tree is JsonTree;

    static bool TryParseNumber(ReadOnlySpan<byte> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && Math.Abs(number) <= Limits.Observation;

    /// <summary>Makes the observations of one log event after the other.</summary>
    public sealed class Matcher
    {
        readonly MetricFilter _filter;
        readonly PatternMatcher _pattern;

        internal Matcher(MetricFilter filter)
        {
            _filter = filter;
            _pattern = filter.Pattern.Matcher(
                [.. filter.Dimensions.Select(one => one.Value).Append(filter.Selector).OfType<ValueSelector>()]);
        }

        /// <summary>Texts of which one stands in every event that is observed; empty where nothing is known of them.
        /// </summary>
        public IReadOnlyList<byte[]> Needles => _filter.DefaultValue is null ? _pattern.Needles : [];

        /// <summary>Whether an event makes an observation, and of what value. One that matches without the value that
        /// is selected, or without that of a dimension, makes none, and counts for the default neither (observed).
        /// </summary>
        public bool TryObserve(ReadOnlySpan<byte> utf8Message, out double value, out bool isMatch)
        {
            isMatch = _pattern.Matches(utf8Message);
            value = isMatch ? _filter._number : _filter.DefaultValue ?? 0;
            if (!isMatch)
                return _filter.DefaultValue is not null;

            for (var i = 0; i < _filter.Dimensions.Count; i++)
            {
                if (!_pattern.TryGetValue(i, utf8Message, out _))
                    return false;
            }

            return _filter.Selector is null
                || (_pattern.TryGetValue(_filter.Dimensions.Count, utf8Message, out var text)
                    && TryParseNumber(text, out value));
        }

        /// <summary>The value of a dimension in the event that was observed last.</summary>
        public ReadOnlySpan<byte> Dimension(int number, ReadOnlySpan<byte> utf8Message) =>
            _pattern.TryGetValue(number, utf8Message, out var value) ? value : default;
    }
}
