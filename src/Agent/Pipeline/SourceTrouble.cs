using Agent.Native;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Why nothing is read at a path. Said once for each kind: a file that cannot be read would fill the journal
/// otherwise.</summary>
sealed partial class SourceTrouble(string path, HandleBudget handles, ILogger log)
{
    readonly ILogger _log = log;

    bool _isOfLook;
    bool _isOfAccess;

    /// <summary>Empty while all is well.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Whether it is to be mended, and not only waited for.</summary>
    public bool IsHindered { get; private set; }

    /// <summary>Whether it is for want of a permission.</summary>
    public bool IsForbidden { get; private set; }

    /// <summary>Whether it is over once a file may be opened.</summary>
    public bool IsForHandle => Text == HandleBudget.WaitsForItsTurn;

    /// <summary>Whether it is that a file is read which could not be opened again.</summary>
    public bool IsOfAccess => _isOfAccess;

    public void Clear() =>
        (Text, IsHindered, _isOfLook, _isOfAccess, IsForbidden) = ("", false, false, false, false);

    /// <summary>Whether the file that is read could be opened again: the one that takes its place will have to be.
    /// </summary>
    /// <param name="fault">Why not; null where it could.</param>
    public void NoteAccess(FileFault? fault)
    {
        if (fault is { } refusal && Text.Length == 0)
        {
            Say($"it is read on as it was opened before, but could not be opened again: {Remedied(refusal)}");
            (_isOfAccess, IsForbidden) = (true, true);
        }
        else if (fault is null && _isOfAccess)
        {
            Clear();
        }
    }

    /// <summary>It could not be told what is at the path.</summary>
    public void SayNotSeen(string fault)
    {
        Say(fault);
        _isOfLook = true;
    }

    /// <summary>It could be told, so that this is not in the way any more.</summary>
    public void ClearNotSeen()
    {
        if (_isOfLook)
        {
            Clear();
        }
    }

    /// <summary>Nobody need do anything for it to be over.</summary>
    public void Wait(string reason) => Say(reason, isHindered: false);

    public void Say(string fault) => Say(fault, isHindered: fault != HandleBudget.WaitsForItsTurn);

    /// <summary>A file could not be opened.</summary>
    public void SayNotOpened(FileFault fault)
    {
        if (fault.IsExhaustion)
        {
            handles.Shrink();
            Wait(HandleBudget.WaitsForItsTurn);
        }
        else
        {
            Say(Remedied(fault));
            IsForbidden = fault.IsDenied;
        }
    }

    static string Remedied(FileFault fault) => !fault.IsDenied ? fault.Text
        : $"{fault.Text}: the user {Environment.UserName} may not read it; let it, by a group or by setfacl, or run "
            + "Vigil as a user that may";

    void Say(string text, bool isHindered)
    {
        IsHindered = isHindered;
        (_isOfLook, _isOfAccess, IsForbidden) = (false, false, false);
        if (Text == text)
        {
            return;
        }

        Text = text;
        if (isHindered)
        {
            LogHindered(path, text);
        }
        else if (!IsForHandle)
        {
            LogWaiting(path, text); // that files take turns is said once for all of them
        }
    }

    [LoggerMessage(105, LogLevel.Warning, "{Path}: cannot be read yet: {Fault}. Vigil goes on trying")]
    partial void LogHindered(string path, string fault);

    [LoggerMessage(106, LogLevel.Information, "{Path}: not read as long as {Reason}")]
    partial void LogWaiting(string path, string reason);
}
