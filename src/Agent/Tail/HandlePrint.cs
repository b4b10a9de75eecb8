using Agent.Events;
using Microsoft.Win32.SafeHandles;

namespace Agent.Tail;

/// <summary>The print of what stands at a place of an open file now.</summary>
static class HandlePrint
{
    /// <param name="lengthBytes">At most <see cref="ContentPrint.HeadBytes"/>. Of what is not there any more there is
    /// no print, and the one that is returned is another.</param>
    public static ContentPrint At(SafeFileHandle handle, long offsetBytes, int lengthBytes)
    {
        if (lengthBytes == 0)
        {
            return default;
        }

        Span<byte> content = stackalloc byte[ContentPrint.HeadBytes];
        var read = offsetBytes < 0 ? 0 : RandomAccess.Read(handle, content[..lengthBytes], offsetBytes);
        return ContentPrint.Of(content[..read]);
    }
}
