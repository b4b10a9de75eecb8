using System.Globalization;

namespace Agent.Config.Reading;

/// <summary>The way from the document's root to a value. Kept as links and written out only for a fault: half a million
/// values in a hostile document would otherwise cost gigabytes of text.</summary>
sealed class KeyPath
{
    const int ShownCharacters = 60;

    readonly KeyPath? _parent;
    readonly string _key;
    readonly int _index = -1;

    KeyPath(KeyPath? parent, string key, int index) => (_parent, _key, _index) = (parent, key, index);

    public static KeyPath Root { get; } = new(null, "", -1);

    public KeyPath Key(string name) => new(this, name, -1);

    public KeyPath Item(int index) => new(this, "", index);

    public override string ToString()
    {
        if (_parent is null)
            return "";

        var before = _parent.ToString();
        if (_index >= 0)
            return $"{before}[{_index.ToString(CultureInfo.InvariantCulture)}]";

        return !IsPlain(_key) ? $"{before}[{Shown.Text(_key, ShownCharacters)}]"
            : before.Length == 0 ? _key
            : $"{before}.{_key}";
    }

    // service.name is one key: written plainly it would look like two.
    static bool IsPlain(string key) =>
        key.Length is > 0 and <= ShownCharacters
        && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');
}
