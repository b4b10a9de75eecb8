using System.Globalization;

namespace CloudWatch.Patterns.Delimited;

/// <summary>Matches messages against the space-delimited form.</summary>
sealed class DelimitedMatcher : PatternMatcher
{
    const int MostNumbered = 1024; // a field further back is not found by its number

    readonly DelimitedTree _tree;
    readonly Prefilter? _prefilter;
    readonly Verdict? _verdict;
    readonly (ValueMatcher Matcher, int Field, int Number)[] _compared;
    readonly int[] _selected; // for each selector: as in IndexOf
    readonly FieldPlace[] _first;
    readonly FieldPlace[] _last; // a ring: of a message's fields only so many of the last are kept
    int _count;

    public DelimitedMatcher(DelimitedTree tree, IReadOnlyList<ValueSelector> selectors)
    {
        _tree = tree;
        var conditions = tree.Fields.Select(field => field.Condition).OfType<Clause>().ToList();
        var compared = new List<(ValueMatcher, int, int)>();
        var names = tree.Fields.Select(field => field.Name).ToList();
        if (conditions.Count > 0)
        {
            var all = new AllOf(conditions);
            _verdict = Verdict.Compile(all, clause =>
            {
                var condition = (FieldCondition)clause;
                compared.Add((new(condition.Test), names.IndexOf(condition.Name), compared.Count));
                return (compared.Count - 1, false);
            });
            _prefilter = Prefilter.Of(all, clause => Prefilter.Literal(((FieldCondition)clause).Test));
        }

        _compared = [.. compared];
        _selected = [.. selectors.Select(selector => IndexOf(names, (selector as FieldSelector)?.Name))];
        _first = new FieldPlace[_selected.Select(index => Math.Max(0, -index)).Append(tree.First.Count).Max()];
        _last = new FieldPlace[tree.Last?.Count ?? 0];
    }

    public override IReadOnlyList<byte[]> Needles => _prefilter?.Texts ?? [];

    public override bool Matches(ReadOnlySpan<byte> utf8Message)
    {
        _count = 0;
        if (_prefilter?.MayMatch(utf8Message) == false || !Split(utf8Message))
            return false;
        if (_verdict is null)
            return true;

        var held = default(Held);
        foreach (var (matcher, field, number) in _compared)
        {
            if (matcher.Matches(PlaceOf(field).In(utf8Message), mayBeNumber: true))
                held.Set(number);
        }

        return _verdict.Of(held);
    }

    public override bool TryGetValue(int selector, ReadOnlySpan<byte> utf8Message, out ReadOnlySpan<byte> value)
    {
        value = default;
        var index = _selected[selector];
        if (index == int.MaxValue || _count < _tree.First.Count + _last.Length)
            return false;

        // Only a field that has no name is called by its number.
        if (index < 0 && (-index <= _tree.First.Count || -index > _count - _last.Length))
            return false;

        value = (index < 0 ? _first[-1 - index] : PlaceOf(index)).In(utf8Message);
        return true;
    }

    // The index of a named field; -n for the message's field n, counted from 1; int.MaxValue for none.
    static int IndexOf(List<string> names, string? name) =>
        name is null ? int.MaxValue
        : names.IndexOf(name) is >= 0 and var index ? index
        : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= MostNumbered ? -number
        : int.MaxValue;

    bool Split(ReadOnlySpan<byte> message)
    {
        var splitter = new FieldSplitter(message);
        while (splitter.TryTake(out var field))
        {
            if (_tree.Last is null && _count == _tree.First.Count)
            {
                _first[_count - 1] = FieldSplitter.Rest(message, _first[_count - 1]);
                return true;
            }

            if (_count < _first.Length)
                _first[_count] = field;
            if (_last.Length > 0)
                _last[_count % _last.Length] = field;
            _count++;
        }

        return _count >= _tree.First.Count + _last.Length;
    }

    FieldPlace PlaceOf(int field)
    {
        var first = _tree.First.Count;
        return field < first ? _first[field] : _last[(_count - _last.Length + field - first) % _last.Length];
    }
}
