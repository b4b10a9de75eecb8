using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LocalCloud.Api;

/// <summary>The token of a Describe action's next page: the name of the first item that is on it, and, where items
/// are listed by time, that item's time.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct ListToken(string Name, long Time = 0)
{
    const char Mark = '~';

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Mark}{Time}{Mark}{Name}")));

    public static bool TryParse(string token, out ListToken page)
    {
        page = default;
        if (!Base64Url.IsValid(token))
            return false;

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(Mark, 3);
        if (parts is not ["", var time, var name]
            || !long.TryParse(time, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return false;
        }

        page = new(name, milliseconds);
        return true;
    }
}
