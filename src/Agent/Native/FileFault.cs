using System.Runtime.InteropServices;

namespace Agent.Native;

/// <summary>Why a file could not be looked at or opened. Only "there is none" means that it is gone: a refused or
/// failing look says nothing about the file.</summary>
readonly record struct FileFault(int Code, string Text)
{
    /// <summary>Too many files are open, here or on the machine.</summary>
    public bool IsExhaustion => Code is Libc.TooManyOpen or Libc.TooManyOpenAnywhere;

    public bool IsDenied => Code is Libc.AccessDenied;

    public bool IsAbsent => Code is Libc.NoEntry or Libc.NotDirectory;

    public static FileFault Of(int errno) => new(errno, Marshal.GetPInvokeErrorMessage(errno));

    public static FileFault StrangeLink { get; } = new(
        -2, "a link to somebody else's file, in a folder that others than root may write to");

    public static FileFault MangledName { get; } = new(
        -3, "the name is no valid UTF-8, so the file cannot be read; rename it");

    /// <summary>Nothing is told of what happens in folders.</summary>
    public static FileFault NoNotice { get; } = new(-4, "this system has no inotify");

    public static FileFault NotRegular { get; } = new(-1, "not a regular file");
}
