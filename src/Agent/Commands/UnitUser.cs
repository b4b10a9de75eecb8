using System.Diagnostics;
using Agent.Config.Model;
using Agent.Native;

namespace Agent.Commands;

/// <summary>The user that the service runs as, beside the unit, whoever installed that: as the configuration says. It
/// may read every file all the same, as the CloudWatch agent's own user may not, and see the counters of the firewall
/// where the configuration asks for them; it may do nothing else that root may.</summary>
sealed class UnitUser(CtlPlaces places)
{
    const string Root = "root";

    string FileName => Path.Combine(places.UnitFolder, $"{places.Unit}.service.d", "10-run-as-user.conf");

    /// <summary>Whether the unit says otherwise than a configuration.</summary>
    public bool IsOther(Configuration? configuration) => Written() != TextFor(configuration);

    /// <summary>Lets the unit say what the configuration does.</summary>
    /// <exception cref="UsageException">There is no such user.</exception>
    public void Set(Configuration? configuration)
    {
        var (text, user) = (TextFor(configuration), configuration?.Agent.RunAsUser);
        if (text is not null && !Exists(user!))
        {
            throw new UsageException(
                $"agent.run_as_user: there is no user {user} here: make it (useradd --system --shell /usr/sbin/nologin "
                + $"{user}), or set another, or root");
        }

        if (text == Written())
        {
            return;
        }

        if (text is null)
        {
            File.Delete(FileName);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(FileName)!);
        File.WriteAllText(FileName + ".new", text);
        File.Move(FileName + ".new", FileName, overwrite: true);
    }

    string? Written() => File.Exists(FileName) ? File.ReadAllText(FileName) : null;

    // Null where it is root. Source: systemd.exec(5), capabilities(7).
    static string? TextFor(Configuration? configuration)
    {
        if (configuration?.Agent.RunAsUser is not { } user || user == Root)
        {
            return null;
        }

        // nft and iptables-save are given them, too; the older of the latter opens a raw socket.
        var rights = configuration.Watch.NatGateway is { Counters: not NatGatewaySettings.ByInterface }
            ? "CAP_DAC_READ_SEARCH CAP_NET_ADMIN CAP_NET_RAW"
            : "CAP_DAC_READ_SEARCH";
        return $"""
            [Service]
            User={user}
            AmbientCapabilities={rights}
            CapabilityBoundingSet={rights}
            NoNewPrivileges=yes
            StateDirectory=vigil
            StateDirectoryMode=0750

            """;
    }

    static bool Exists(string user) => !OperatingSystem.IsLinux()
        || File.ReadLines("/etc/passwd").Any(line => line.StartsWith(user + ":", StringComparison.Ordinal))
        || UserOfAnotherDirectory(user);

    // LDAP, sssd and their like are asked by a program that knows all of them.
    static bool UserOfAnotherDirectory(string user)
    {
        try
        {
            using var id = Process.Start(new ProcessStartInfo(SystemProgram.PathOf("id"), ["-u", user])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            });
            id!.WaitForExit();
            return id.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
