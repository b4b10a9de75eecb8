using System.Globalization;
using Agent.Native;

namespace Agent.Measure;

/// <summary>What network interfaces count. Whoever runs may read it. Source: the kernel's
/// Documentation/ABI/testing/sysfs-class-net-statistics.</summary>
static class InterfaceCounters
{
    // Some drivers count in 32 bits. An interface that is made anew has another index.
    const int Bits = 32;

    static readonly string Folder = "/sys/class/net";

    /// <param name="isSent">Whether what leaves by it is meant, or what comes in.</param>
    /// <exception cref="MeasureException">There is no such interface.</exception>
    public static Counter Read(string name, bool isSent)
    {
        try
        {
            var folder = Path.Combine(Folder, name);
            var index = File.ReadAllText(Path.Combine(folder, "ifindex")).Trim();
            var bytes = File.ReadAllText(Path.Combine(folder, "statistics", isSent ? "tx_bytes" : "rx_bytes"));
            return new(
                $"interface {name}", ulong.Parse(bytes, CultureInfo.InvariantCulture),
                $"{Host.BootId()}/{index}", Bits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new MeasureException(
                Directory.Exists(Path.Combine(Folder, name))
                    ? $"the interface {name} cannot be read: {e.Message}"
                    : $"there is no interface {name}: there are {string.Join(", ", Names())}", e);
        }
    }

    static IEnumerable<string> Names()
    {
        var folder = new DirectoryInfo(Folder);
        return folder.Exists ? folder.EnumerateFileSystemInfos().Select(one => one.Name).Order() : ["none"];
    }
}
