namespace Agent.Detect;

/// <summary>Searches several texts in one, from its beginning to its end: each place is searched once for each.
/// </summary>
sealed class NeedleSearch(IReadOnlyList<byte[]> needles)
{
    const int NotSearched = -2;
    const int NowhereElse = -1;

    readonly int[] _next = new int[needles.Count];

    /// <summary>Another text is searched.</summary>
    public void Begin() => _next.AsSpan().Fill(NotSearched);

    /// <summary>Where the first of them begins from a place on; -1 where there is none.</summary>
    /// <param name="text">The same as before, since the search began.</param>
    /// <param name="from">No less than before.</param>
    public int Next(ReadOnlySpan<byte> text, int from)
    {
        var first = NowhereElse;
        for (var i = 0; i < _next.Length; i++)
        {
            if (_next[i] < from && _next[i] != NowhereElse)
            {
                var at = text[from..].IndexOf(needles[i]);
                _next[i] = at < 0 ? NowhereElse : from + at;
            }

            if (_next[i] >= 0 && (first < 0 || _next[i] < first))
            {
                first = _next[i];
            }
        }

        return first;
    }
}
