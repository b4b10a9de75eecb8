namespace Agent.Native;

/// <summary>What the machine says of itself.</summary>
static class Host
{
    const string Dmi = "/sys/class/dmi/id/";

    /// <summary>Changes with every boot; empty where the kernel does not say.</summary>
    public static string BootId() => ReadLine("/proc/sys/kernel/random/boot_id");

    /// <summary>Stays with the hardware, so a cloned disk can tell that it woke up elsewhere. Only root may read it;
    /// empty otherwise.</summary>
    public static string HardwareId() => ReadLine(Dmi + "product_uuid");

    /// <summary>Whether the firmware names Amazon as its maker, as it does on every EC2 instance, Xen's
    /// included.</summary>
    public static bool IsEc2() =>
        ((string[])["sys_vendor", "board_vendor", "bios_vendor", "bios_version", "product_version"])
            .Any(name => ReadLine(Dmi + name).Contains("amazon", StringComparison.OrdinalIgnoreCase));

    static string ReadLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault("").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
