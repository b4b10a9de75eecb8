using System.Globalization;
using Agent.Bench;

namespace Throughput;

/// <summary>Log files on disk.</summary>
/// <param name="Failed">How many of the lines tell of a failed password.</param>
sealed record Workload(IReadOnlyList<string> Paths, long Bytes, long Lines, long Failed)
{
    public static Workload Write(string folder, int mebibytes, int files, int failedEach, bool isPrecise)
    {
        Directory.CreateDirectory(folder);
        var paths = Enumerable.Range(0, files)
            .Select(i => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"secure-{i}")))
            .ToList();
        var logs = paths.ConvertAll(File.Create);
        var (bytes, lines, failed) = (0L, 0L, 0L);
        foreach (var (i, block) in SecureLines.Log(mebibytes, failedEach, isPrecise).Index())
        {
            logs[i % files].Write(block);
            var linesIn = block.AsSpan().Count((byte)'\n');
            (bytes, lines, failed) =
                (bytes + block.Length, lines + linesIn, failed + ((linesIn + failedEach - 1) / failedEach));
        }

        logs.ForEach(log => log.Dispose());
        return new(paths, bytes, lines, failed);
    }
}
