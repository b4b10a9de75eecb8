namespace Agent.Events;

/// <summary>Which file this is while the machine stays up: names come and go, device and inode stay.</summary>
readonly record struct FileIdentity(ulong Device, ulong Inode);
