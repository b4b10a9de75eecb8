using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Agent.Config.Reading;

/// <summary>Builds the tree of a document: strict JSON, so that a file that is good here is good for the CloudWatch
/// agent. One step stricter than that agent, which lets the second of two equal keys win without a word.</summary>
sealed class JsonTree
{
    readonly FaultList _faults;
    readonly PlaceFinder _places;
    readonly Stack<Opened> _open = new();

    JsonTree(FaultList faults, PlaceFinder places) => (_faults, _places) = (faults, places);

    /// <summary>False if the document is no JSON; a tree may still have faults.</summary>
    public static bool TryBuild(string name, byte[] document, FaultList faults, [NotNullWhen(true)] out Value? root)
    {
        root = null;
        var places = new PlaceFinder(name, document);
        var start = document.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        if (start > 0)
            places = new PlaceFinder(name, document = document[start..]);

        if (!TextEncoding.Check(document, places, faults))
            return false;

        var tree = new JsonTree(faults, places);
        var reader = new Utf8JsonReader(document);
        try
        {
            reader.Read();
            root = tree.Build(ref reader, KeyPath.Root);
            reader.Read();
            return true;
        }
        catch (JsonException trouble)
        {
            root = null;
            SyntaxFault.Report(document, trouble, reader, tree._open, (offsetBytes, what, remedy) =>
                faults.Error(places.At(offsetBytes), KeyPath.Root, what, remedy));
            return false;
        }
    }

    Value Build(ref Utf8JsonReader reader, KeyPath path)
    {
        var place = _places.At(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => BuildObject(ref reader, place, path),
            JsonTokenType.StartArray => BuildList(ref reader, place, path),
            JsonTokenType.String => new TextValue(place, path, Unescape(ref reader, place, path)),
            JsonTokenType.Number => new NumberValue(place, path, Encoding.ASCII.GetString(reader.ValueSpan)),
            JsonTokenType.True or JsonTokenType.False =>
                new FlagValue(place, path, reader.TokenType == JsonTokenType.True),
            _ => new NullValue(place, path)
        };
    }

    ObjectValue BuildObject(ref Utf8JsonReader reader, Place place, KeyPath path)
    {
        var members = new Dictionary<string, Member>(StringComparer.Ordinal);
        _open.Push(new Opened(place, IsObject: true));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var keyPlace = _places.At(reader.TokenStartIndex);
            var name = Unescape(ref reader, keyPlace, path);
            reader.Read();
            var member = new Member(name, keyPlace, Build(ref reader, path.Key(name)));
            if (!members.TryAdd(name, member))
                ReportTwice(members[name], member);
        }

        _open.Pop();
        return new ObjectValue(place, path, members);
    }

    ListValue BuildList(ref Utf8JsonReader reader, Place place, KeyPath path)
    {
        var items = new List<Value>();
        _open.Push(new Opened(place, IsObject: false));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Build(ref reader, path.Item(items.Count)));

        _open.Pop();
        return new ListValue(place, path, items);
    }

    void ReportTwice(Member first, Member second)
    {
        var line = first.Place.Line.ToString(CultureInfo.InvariantCulture);
        _faults.Error(second, $"is given twice, first in line {line}", "delete one of the two");
    }

    string Unescape(ref Utf8JsonReader reader, Place place, KeyPath path)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // The bytes are known to be UTF-8, so what is left to go wrong is half of an escaped surrogate pair.
            _faults.Error(place, path, "has an escape from \\ud800 to \\udfff without its other half", "write both");
            return "";
        }
    }
}
