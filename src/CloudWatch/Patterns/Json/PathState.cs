namespace CloudWatch.Patterns.Json;

/// <summary>A place in a message as the paths of a pattern see it: what is asked of the value there, and which paths go
/// on from it where. All paths are followed at once, so that a message is gone through once.</summary>
sealed class PathState
{
    /// <summary>Where nothing is asked and no path goes on.</summary>
    public static readonly PathState Nowhere = new([], depth: 0);

    readonly (byte[] Key, PathStep Step)[] _keys;
    readonly Dictionary<int, PathStep> _indexes = [];
    readonly PathStep? _others;

    /// <param name="asked">All whose paths lead here or through here.</param>
    /// <param name="depth">How many of their steps have been taken: none at a message's object.</param>
    public PathState(IReadOnlyList<Asked> asked, int depth)
    {
        var here = asked.Where(one => one.Path.Steps.Count == depth).ToList();
        Compared = [.. here.Where(one => one.Comparison is not null).Select(one => (one.Comparison!, one.Number))];
        Nulls = Numbers(here, JsonKeyword.Null);
        Trues = Numbers(here, JsonKeyword.True);
        Falses = Numbers(here, JsonKeyword.False);
        Existing = [.. here.Where(one => one.IsExistence).Select(one => one.Number)];
        Read = [.. here.Select(one => one.Selector).OfType<int>()];

        var further = asked.Where(one => one.Path.Steps.Count > depth).ToList();
        var wild = further.Where(one => one.Path.Steps[depth] is EveryStep).ToList();
        _others = wild.Count == 0 ? null : new([], wild, depth + 1);
        _keys = [.. Steps<KeyStep>(further, wild, depth).Select(step => (Utf8(step.Taken.Key), step.Next))];
        foreach (var (taken, next) in Steps<IndexStep>(further, wild, depth))
            _indexes.Add(taken.Index, next);
    }

    public bool AsksOfText => Compared.Length > 0;

    public (ValueMatcher Matcher, int Number)[] Compared { get; }

    public int[] Nulls { get; }

    public int[] Trues { get; }

    public int[] Falses { get; }

    public int[] Existing { get; }

    /// <summary>Selectors whose value this is.</summary>
    public int[] Read { get; }

    /// <returns>Null for a member that no path goes on from.</returns>
    public PathStep? ByKey(ReadOnlySpan<byte> key)
    {
        foreach (var (wanted, step) in _keys)
        {
            if (key.SequenceEqual(wanted))
                return step;
        }

        return _others;
    }

    public PathStep? ByIndex(int index) => _indexes.GetValueOrDefault(index) ?? _others;

    static IEnumerable<(TStep Taken, PathStep Next)> Steps<TStep>(List<Asked> further, List<Asked> wild, int depth)
        where TStep : JsonStep =>
        from one in further
        where one.Path.Steps[depth] is TStep
        group one by (TStep)one.Path.Steps[depth] into exact
        select (exact.Key, new PathStep([.. exact], wild, depth + 1));

    static int[] Numbers(List<Asked> here, JsonKeyword keyword) =>
        [.. here.Where(one => one.Keyword == keyword).Select(one => one.Number)];

    static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}

/// <summary>From a place to one inside it.</summary>
/// <param name="exact">The paths that name the member or element.</param>
/// <param name="wild">Those that take every one.</param>
sealed class PathStep(IReadOnlyList<Asked> exact, IReadOnlyList<Asked> wild, int depth)
{
    public PathState Next { get; } = new([.. exact, .. wild], depth);

    /// <summary>Conditions that what comes now answers anew: a key that comes twice counts as it comes last
    /// (observed).</summary>
    public Held Answered { get; } = Numbers(exact);

    /// <summary>Conditions that hold once one element has met them.</summary>
    public Held Added { get; } = Numbers(wild);

    /// <summary>Selectors that what comes now answers anew.</summary>
    public int[] ReadAnew { get; } = [.. exact.Select(one => one.Selector).OfType<int>()];

    static Held Numbers(IReadOnlyList<Asked> asked)
    {
        var numbers = default(Held);
        foreach (var one in asked.Where(one => one.Selector is null))
            numbers.Set(one.Number);
        return numbers;
    }
}

/// <summary>Something asked of the value at the end of a path: one of a comparison, a keyword, that there is one, or
/// to read it out.</summary>
/// <param name="Number">Of the condition.</param>
sealed record Asked(
    JsonPath Path, int Number = 0, ValueMatcher? Comparison = null, JsonKeyword? Keyword = null,
    bool IsExistence = false, int? Selector = null);
