using System.Globalization;
using Agent.Bench;

namespace Throughput;

/// <summary>Log files on disk.</summary>
/// <param name="Failed">How many of the lines tell of a failed password.</param>
sealed record Workload(IReadOnlyList<string> Paths, long Bytes, long Lines, long Failed)
{
    public static Workload Write(string folder, int mebibytes, int files, int failedEach)
    {
        Directory.CreateDirectory(folder);
        var block = SecureLines.Mebibyte(TimeProvider.System.GetUtcNow(), failedEach);
        var paths = Enumerable.Range(0, files)
            .Select(i => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"secure-{i}")))
            .ToList();
        var logs = paths.ConvertAll(File.Create);
        for (var i = 0; i < mebibytes; i++)
        {
            logs[i % files].Write(block);
        }

        logs.ForEach(log => log.Dispose());
        var lines = block.AsSpan().Count((byte)'\n');
        var failed = (lines + failedEach - 1) / failedEach;
        return new(paths, (long)mebibytes * block.Length, (long)mebibytes * lines, (long)mebibytes * failed);
    }
}
