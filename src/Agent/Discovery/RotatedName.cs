namespace Agent.Discovery;

/// <summary>Tells by its name what a log was renamed to when it was rotated: numbered, dated or set aside, behind its
/// name ("secure-20261122", "app.log.1") or before its extension ("app-20261122.log"), and maybe packed.</summary>
/// <remarks>A name is a hint and no proof. A number counts only behind a dot, since "app-2.log" may well be the log of
/// a second process; behind a dash or an underscore there must be a date.</remarks>
static class RotatedName
{
    const int YearDigits = 4;
    const int DayDigits = 8; // 20261122
    const int MinEpochDigits = 10; // also 2026112213, a day with its hour
    const int MaxDigits = 20;

    /// <summary>Whether the candidate's name is made from the live one's; their folders do not matter.</summary>
    public static bool Is(string candidatePath, string livePath)
    {
        var candidate = Path.GetFileName(candidatePath.AsSpan());
        var live = Path.GetFileName(livePath.AsSpan());
        var packed = LiveNames.PackedEnd(candidate).Length;
        candidate = candidate[..^packed];
        if (candidate.StartsWith(live, StringComparison.Ordinal))
        {
            var added = candidate[live.Length..];
            return added.IsEmpty ? packed > 0 : IsAdded(added);
        }

        var extension = Path.GetExtension(live);
        var stem = live[..^extension.Length];
        return !stem.IsEmpty && !extension.IsEmpty && candidate.Length > live.Length
            && candidate.StartsWith(stem, StringComparison.Ordinal)
            && candidate.EndsWith(extension, StringComparison.Ordinal)
            && IsAdded(candidate[stem.Length..^extension.Length]);
    }

    /// <summary>The names of which the candidate's may be made: a few, to be looked up among thousands.</summary>
    public static IEnumerable<string> LiveNamesOf(string candidatePath)
    {
        var name = Path.GetFileName(candidatePath);
        var unpacked = name[..^LiveNames.PackedEnd(name).Length];
        var extension = Path.GetExtension(unpacked);
        var possible = new HashSet<string>(StringComparer.Ordinal) { unpacked };
        for (var i = 1; i < unpacked.Length; i++)
        {
            if (unpacked[i] is '.' or '-' or '_')
            {
                possible.Add(unpacked[..i]);
                possible.Add(unpacked[..i] + extension);
            }
        }

        return possible.Where(live => Is(name, live));
    }

    /// <summary>Whether the name says that what is in the file must be unpacked.</summary>
    public static bool IsCompressed(string path) => !LiveNames.PackedEnd(path).IsEmpty;

    static bool IsAdded(ReadOnlySpan<char> added)
    {
        if (added is not ['.' or '-' or '_', ..])
        {
            return false;
        }

        var rest = added[1..];
        if (added[0] == '.' && (rest is "old" or "prev" or "bak" || IsNumber(rest)))
        {
            return true;
        }

        return TryTakeDate(ref rest) && IsTimeOrCount(rest);
    }

    static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxDigits && CountDigits(text) == text.Length;

    // 20261122, 2026112213, 1795372800, 2026-11-22, 2026-11: with a dash, a dot or an underscore between.
    static bool TryTakeDate(ref ReadOnlySpan<char> text)
    {
        var digits = CountDigits(text);
        var first = text[..digits];
        var rest = text[digits..];
        if (digits == YearDigits)
        {
            if (rest is not ['-' or '.' or '_', ..] || CountDigits(rest[1..]) != 2 || !IsIn(rest.Slice(1, 2), 1, 53))
            {
                return false;
            }

            text = rest[3..];
            return true;
        }

        text = rest;
        return digits is >= MinEpochDigits and <= MaxDigits
            || (digits == DayDigits && IsIn(first.Slice(4, 2), 1, 12) && IsIn(first.Slice(6, 2), 1, 31));
    }

    // What follows a date: the day, a time, a count, a zone. "-22", "T10", "-1", "T10-05-33.123Z"
    static bool IsTimeOrCount(ReadOnlySpan<char> text)
    {
        while (text is ['-' or '.' or '_' or ':' or 'T' or '+', ..])
        {
            var digits = CountDigits(text[1..]);
            if (digits is 0 or > MaxDigits)
            {
                return false;
            }

            text = text[(1 + digits)..];
        }

        return text is "" or "Z";
    }

    static int CountDigits(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }

    // Two digits
    static bool IsIn(ReadOnlySpan<char> text, int least, int most)
    {
        var number = ((text[0] - '0') * 10) + text[1] - '0';
        return least <= number && number <= most;
    }
}
