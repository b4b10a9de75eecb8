using Agent.Native;
using Microsoft.Win32.SafeHandles;

namespace Agent.Tail;

/// <summary>A file that has no name any more, as it was at a look: it is there for those who have it open. May be read
/// beside the reader's thread.</summary>
/// <param name="LengthBytes">At that look: who has it open may go on writing.</param>
readonly record struct DeletedFile(SafeFileHandle Handle, long LengthBytes, DateTimeOffset LastWritten)
{
    /// <summary>Looks at an open file.</summary>
    /// <returns>Null where it has a name, or cannot be looked at.</returns>
    public static DeletedFile? Of(SafeFileHandle handle) =>
        FileFacts.TryOf(handle, out var facts, out _) && facts.Links == 0
            ? new(handle, facts.LengthBytes, facts.Modified)
            : null;

    /// <summary>Whether nobody can write to it any more.</summary>
    public bool IsForsaken => Writers.AreGone(Handle);

    /// <summary>Reads what stands at an offset.</summary>
    /// <returns>How many bytes; 0 at the end, and once the file was closed.</returns>
    /// <exception cref="IOException">The disk fails.</exception>
    public int ReadAt(long offsetBytes, Span<byte> bytes)
    {
        try
        {
            return RandomAccess.Read(Handle, bytes, offsetBytes);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }
}
