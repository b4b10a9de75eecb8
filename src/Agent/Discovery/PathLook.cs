using Agent.Events;
using Agent.Native;

namespace Agent.Discovery;

/// <summary>What a path names now.</summary>
enum PathState
{
    Present,
    Absent,

    /// <summary>It cannot be told: a refused look is no deletion.</summary>
    Unknown
}

/// <summary>One look at a path.</summary>
/// <param name="Modified">When its content was last written.</param>
/// <param name="Since">When it was made, or written to where that is all that is known.</param>
readonly record struct PathLook(
    PathState State, FileIdentity Identity, long LengthBytes, DateTimeOffset Modified, DateTimeOffset Since,
    string Fault)
{
    /// <summary>Who may do what with it, and whose it is: worth a comparison only.</summary>
    public (ushort Mode, uint Owner) Permissions { get; init; }

    public static PathLook At(string path)
    {
        if (FileFacts.TryOf(path, out var facts, out var fault))
        {
            return facts.IsRegular
                ? new(
                    PathState.Present, new(facts.Device, facts.Inode), facts.LengthBytes, facts.Modified,
                    facts.Born ?? facts.Modified, "")
                {
                    Permissions = (facts.Mode, facts.Owner)
                }
                : new(PathState.Unknown, default, 0, default, default, FileFault.NotRegular.Text);
        }

        var state = fault.IsAbsent ? PathState.Absent : PathState.Unknown;
        return new(state, default, 0, default, default, fault.Text);
    }
}
