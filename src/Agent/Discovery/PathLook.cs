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
readonly record struct PathLook(PathState State, FileIdentity Identity, long LengthBytes, string Fault)
{
    public static PathLook At(string path)
    {
        if (FileFacts.TryOf(path, out var facts, out var fault))
        {
            return facts.IsRegular
                ? new(PathState.Present, new(facts.Device, facts.Inode), facts.LengthBytes, "")
                : new(PathState.Unknown, default, 0, FileFault.NotRegular.Text);
        }

        return new(fault.IsAbsent ? PathState.Absent : PathState.Unknown, default, 0, fault.Text);
    }
}
