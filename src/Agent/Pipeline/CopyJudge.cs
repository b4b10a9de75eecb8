using Agent.Discovery;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Tells the copy that copytruncate makes from a new file. Where a pattern matches rotated names too, the copy
/// turns up as one more file, holds what the log held, and most of that was sent. Once the log is truncated it is known
/// for the copy and read on where the log stood.</summary>
static class CopyJudge
{
    /// <summary>What a file is, going by the logs that it has a rotated name of.</summary>
    /// <param name="sources">The logs by their names: of thousands a name is made from a few at most, and each of
    /// thousands is judged.</param>
    public static CopyVerdict Judge(string path, long lengthBytes, IReadOnlyDictionary<string, List<Source>> sources)
    {
        foreach (var source in RotatedName.LiveNamesOf(path).SelectMany(name => sources.GetValueOrDefault(name) ?? []))
        {
            var verdict = JudgeBeside(path, lengthBytes, source);
            if (verdict != CopyVerdict.Other)
            {
                return verdict;
            }
        }

        return CopyVerdict.Other;
    }

    static CopyVerdict JudgeBeside(string path, long lengthBytes, Source source)
    {
        // Also where the log was rotated since: its source looks into it before it reads what is new.
        if (source.Lives.Any(life => !life.Lane.IsComplete && life.Lane.IsTruncated()))
        {
            return CopyVerdict.Unclear;
        }

        if (source.Lives.FirstOrDefault(one => !one.IsPast) is not { } life)
        {
            return CopyVerdict.Other;
        }

        if (lengthBytes == 0)
        {
            return CopyVerdict.Copy;
        }

        using var log = TailedFile.TryResume(source.Path, life.Lane.ReadPosition, out _, out _);
        if (log is null)
        {
            return CopyVerdict.Unclear;
        }

        using var copy = TailedFile.TryOpen(path, out _);
        return copy is not null && lengthBytes <= log.KnownLengthBytes // a copy is never the longer one
            && copy.HoldsTheSameAs(log, lengthBytes)
            ? CopyVerdict.Copy
            : CopyVerdict.Other;
    }
}
