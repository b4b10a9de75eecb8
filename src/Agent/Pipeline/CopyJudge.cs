using Agent.Discovery;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Tells the copy that copytruncate makes from a new file. Where a pattern matches rotated names too, the copy
/// turns up as one more file, holds what the log held, and most of that was sent. Once the log is truncated it is known
/// for the copy and read on where the log stood.</summary>
static class CopyJudge
{
    /// <summary>Whether the file has a rotated name of a log that is read and holds what that holds so far.</summary>
    /// <param name="sources">The logs by their names: of thousands a name is made from a few at most, and each of
    /// thousands is judged.</param>
    public static bool IsCopyInTheMaking(
        string path, long lengthBytes, IReadOnlyDictionary<string, List<Source>> sources)
    {
        foreach (var source in RotatedName.LiveNamesOf(path).SelectMany(name => sources.GetValueOrDefault(name) ?? []))
        {
            var life = source.Lives.FirstOrDefault(one => !one.IsPast);
            if (life is not null && HoldsTheSame(path, lengthBytes, source.Path, life.Lane))
            {
                return true;
            }
        }

        return false;
    }

    static bool HoldsTheSame(string path, long lengthBytes, string logPath, Lane lane)
    {
        if (lengthBytes == 0)
        {
            return true;
        }

        using var log = TailedFile.TryResume(logPath, lane.ReadPosition, out _, out _);
        if (log is null)
        {
            // Truncated a moment ago: its source is about to look for the copy.
            return true;
        }

        using var copy = TailedFile.TryOpen(path, out _);
        return copy is not null && lengthBytes <= log.KnownLengthBytes // a copy is never the longer one
            && copy.HoldsTheSameAs(log, lengthBytes);
    }
}
