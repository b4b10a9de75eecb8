using System.Globalization;

namespace Agent.Config.Reading;

/// <summary>A JSON value that knows where it stands.</summary>
abstract class Value(Place place, KeyPath path)
{
    public Place Place => place;

    public KeyPath Path => path;

    /// <summary>The value as a fault shows it.</summary>
    public abstract string Found { get; }
}

sealed class TextValue(Place place, KeyPath path, string text) : Value(place, path)
{
    public string Text => text;

    public override string Found => text.Length == 0 ? "an empty text" : Shown.Text(text);
}

sealed class NumberValue(Place place, KeyPath path, string written) : Value(place, path)
{
    const int ShownDigits = 30;

    /// <summary>The number if it is whole and fits; 5.0 and 5e0 are whole, as in JSON Schema.</summary>
    public long? Whole { get; } =
        decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;

    /// <summary>Null where it is too large for any.</summary>
    public double? Number { get; } =
        double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture) is var any && double.IsFinite(any)
            ? any
            : null;

    public override string Found => written.Length <= ShownDigits ? written : written[..ShownDigits] + "...";
}

sealed class FlagValue(Place place, KeyPath path, bool isSet) : Value(place, path)
{
    public bool IsSet => isSet;

    public override string Found => isSet ? "true" : "false";
}

sealed class NullValue(Place place, KeyPath path) : Value(place, path)
{
    public override string Found => "null";
}

sealed class ListValue(Place place, KeyPath path, IReadOnlyList<Value> items) : Value(place, path)
{
    public IReadOnlyList<Value> Items => items;

    public override string Found => items.Count == 0 ? "an empty list" : "a list";
}
