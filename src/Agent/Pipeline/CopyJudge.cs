using Agent.Discovery;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Tells the copy that copytruncate makes from a new file. Where a pattern matches rotated names too, the copy
/// turns up as one more file, holds what the log held, and most of that was sent. Once the log is truncated it is known
/// for the copy and read on where the log stood.</summary>
static class CopyJudge
{
    /// <summary>Whether the file has a rotated name of a log that is read and holds what that holds so far.</summary>
    public static bool IsCopyInTheMaking(FoundFile file, IEnumerable<Source> sources)
    {
        foreach (var source in sources.Where(source => RotatedName.Is(file.Path, source.Path)))
        {
            var life = source.Lives.FirstOrDefault(one => !one.IsPast);
            if (life is not null && HoldsTheSame(file, source.Path, life.Lane))
            {
                return true;
            }
        }

        return false;
    }

    static bool HoldsTheSame(FoundFile file, string logPath, Lane lane)
    {
        if (file.Facts.LengthBytes == 0)
        {
            return true;
        }

        using var log = TailedFile.TryResume(logPath, lane.ReadPosition, out _, out _);
        if (log is null)
        {
            // Truncated a moment ago: its source is about to look for the copy.
            return true;
        }

        using var copy = TailedFile.TryOpen(file.Path, out _);
        return copy is not null && file.Facts.LengthBytes <= log.KnownLengthBytes // a copy is never the longer one
            && copy.HoldsTheSameAs(log, file.Facts.LengthBytes);
    }
}
