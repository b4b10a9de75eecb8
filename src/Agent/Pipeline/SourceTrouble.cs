using Agent.Native;
using Microsoft.Extensions.Logging;

namespace Agent.Pipeline;

/// <summary>Why nothing is read at a path. Said once for each kind: a file that cannot be read would fill the journal
/// otherwise.</summary>
sealed partial class SourceTrouble(string path, HandleBudget handles, ILogger log)
{
    readonly ILogger _log = log;

    bool _isOfLook;

    /// <summary>Empty while all is well.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Whether it is to be mended, and not only waited for.</summary>
    public bool IsHindered { get; private set; }

    /// <summary>Whether it is over once a file may be opened.</summary>
    public bool IsForHandle => Text == HandleBudget.WaitsForItsTurn;

    public void Clear() => (Text, IsHindered, _isOfLook) = ("", false, false);

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
            Say(fault.Text);
        }
    }

    void Say(string text, bool isHindered)
    {
        IsHindered = isHindered;
        _isOfLook = false;
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
