using Agent.Events;

namespace Agent.Tests.Support;

/// <summary>What a room asked to be kept, as the disk would have it.</summary>
sealed class KeptRows
{
    readonly SortedDictionary<string, byte[]> _rows = new(StringComparer.Ordinal);

    public IReadOnlyList<StateRow> All => [.. _rows.Select(row => new StateRow(row.Key, row.Value))];

    public IEnumerable<string> Keys => _rows.Keys;

    public IEnumerable<string> Values => _rows.Values.Select(System.Text.Encoding.UTF8.GetString);

    public byte[] this[string key]
    {
        get => _rows[key];
        set => _rows[key] = value;
    }

    public void Keep(IReadOnlyList<StateRow> rows)
    {
        foreach (var (key, value) in rows)
        {
            if (value is null)
                _rows.Remove(key);
            else
                _rows[key] = value;
        }
    }
}
