using System.Text;

namespace Agent.Discovery;

/// <summary>Reads a pattern without alternatives, character by character, into its parts. A "." part and an empty one
/// are left out, ".." takes back the part before it, as in a cleaned path.</summary>
ref struct GlobScanner(ReadOnlySpan<char> pattern)
{
    readonly List<GlobPart> _parts = [];
    readonly List<GlobToken> _tokens = [];
    ReadOnlySpan<char> _rest = pattern;
    int _stars;

    /// <summary>Why the pattern cannot be read; empty when it can.</summary>
    public string Fault { get; private set; } = "";

    public GlobPath? Scan()
    {
        while (!_rest.IsEmpty && Fault.Length == 0)
        {
            var character = Take();
            if (character.Value != '*')
            {
                EndStars(isPart: character.Value == '/' && _tokens.Count == 0);
            }

            ScanOne(character);
        }

        EndStars(isPart: _tokens.Count == 0);
        var isOpen = _tokens.Count == 0 && _parts is not [.., { IsFolders: true }];
        EndPart();
        if (Fault.Length == 0 && (isOpen || _parts.Count == 0))
        {
            Fault = "it names a folder; end it with a file's name, or with * for every file";
        }

        return Fault.Length == 0 ? new(_parts) : null;
    }

    void ScanOne(Rune character)
    {
        switch (character.Value)
        {
            case '*':
                _stars++;
                break;
            case '/':
                EndPart();
                break;
            case '?':
                _tokens.Add(new(GlobTokenKind.Any));
                break;
            case '[':
                ScanSet();
                break;
            case '\\' when _rest.IsEmpty:
                Fault = @"it ends in a \ that nothing follows; write \\ for the character itself";
                break;
            case '\\' when _rest[0] == '/':
                break;
            default:
                _tokens.Add(new(GlobTokenKind.One, character.Value == '\\' ? Take() : character));
                break;
        }
    }

    Rune Take()
    {
        Rune.DecodeFromUtf16(_rest, out var character, out var chars);
        _rest = _rest[chars..];
        return character;
    }

    // More than two stars do what two do.
    void EndStars(bool isPart)
    {
        if (_stars > 1 && isPart)
        {
            AddFolders();
        }
        else if (_stars > 0)
        {
            _tokens.Add(new(_stars > 1 ? GlobTokenKind.Crossing : GlobTokenKind.Run));
        }

        _stars = 0;
    }

    // Any number of folders, and again any number of folders, is one such part.
    void AddFolders()
    {
        if (_parts is not [.., { IsFolders: true }])
        {
            _parts.Add(GlobPart.Folders);
        }
    }

    void EndPart()
    {
        var literal = _tokens.TrueForAll(token => token.Kind == GlobTokenKind.One)
            ? string.Concat(_tokens.Select(token => token.Character.ToString()))
            : null;
        if (literal == ".." && _parts.Count > 0)
        {
            _parts.RemoveAt(_parts.Count - 1);
        }
        else if (literal is not ("" or "." or ".."))
        {
            _parts.Add(new(literal, false, [.. _tokens]));
        }

        _tokens.Clear();
    }

    // Between [ and ]: characters and ranges, all of them escaped or not; ! or ^ first turns it round.
    void ScanSet()
    {
        var isNegated = _rest is ['!' or '^', ..];
        _rest = isNegated ? _rest[1..] : _rest;
        var ranges = new List<(Rune, Rune)>();
        while (!_rest.IsEmpty && _rest[0] is not (']' or '/') && Fault.Length == 0)
        {
            var first = TakeInSet();
            var last = first;
            if (_rest is ['-', not ']', ..])
            {
                Take();
                last = TakeInSet();
                Fault = first > last ? $"the range {first}-{last} in it runs backwards" : Fault;
            }

            ranges.Add((first, last));
        }

        if (Fault.Length == 0)
        {
            Fault = _rest is not [']', ..] ? @"a [ in it has no ]; write \[ for the character itself"
                : ranges.Count == 0 ? "a [] in it holds no character"
                : "";
        }

        _rest = _rest.IsEmpty ? _rest : _rest[1..];
        _tokens.Add(new(GlobTokenKind.Set, default, [.. ranges], isNegated));
    }

    Rune TakeInSet()
    {
        var character = Take();
        return character.Value == '\\' && !_rest.IsEmpty ? Take() : character;
    }
}
