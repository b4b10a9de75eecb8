using System.Globalization;
using System.Text;

namespace EndToEnd.Tests.Chaos;

/// <summary>What happened in a run, with the time. Kept for the run that failed: the next one with the same seed does
/// the same, but never at quite the same moment.</summary>
sealed class ChaosDiary
{
    readonly StringBuilder _text = new();

    public void Note(string what)
    {
        var now = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        lock (_text)
        {
            _text.AppendLine(CultureInfo.InvariantCulture, $"{now} {what}");
        }
    }

    /// <summary>Writes it to the temporary folder.</summary>
    /// <returns>The file.</returns>
    public string Keep(int seed)
    {
        var path = Path.Combine(Path.GetTempPath(), $"vigil-chaos-{seed}.txt");
        lock (_text)
        {
            File.WriteAllText(path, _text.ToString());
        }

        return path;
    }
}
