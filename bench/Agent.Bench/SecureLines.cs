using System.Globalization;
using System.Text;

namespace Agent.Bench;

/// <summary>A mebibyte of lines of the form of /var/log/secure, 122 bytes each with their line end.</summary>
static class SecureLines
{
    public static byte[] Mebibyte()
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 1 << 20; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"Nov 15 20:35:23 ip-10-10-20-20 sshd[{20000 + (i % 10000)}]: Failed password for invalid user ");
            text.Append(
                CultureInfo.InvariantCulture,
                $"u{i:D9} from 203.0.113.{(i % 200) + 10:D3} port {40000 + (i % 20000)}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
