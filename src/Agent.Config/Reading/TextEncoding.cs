using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Agent.Config.Reading;

/// <summary>Whether a document is UTF-8, the only encoding JSON has. Editors on Windows like to save others.</summary>
static class TextEncoding
{
    const string Remedy = "save the file as UTF-8";

    public static bool Check(byte[] document, PlaceFinder places, FaultList faults)
    {
        if (document is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            faults.Error(places.At(0), KeyPath.Root, "is UTF-16, only UTF-8 is allowed", Remedy);
            return false;
        }

        if (Utf8.IsValid(document))
            return true;

        var badByte = FirstBadByte(document);
        var what = $"has the byte 0x{document[badByte]:X2}, which is not UTF-8";
        faults.Error(places.At(badByte), KeyPath.Root, what, Remedy);
        return false;
    }

    static int FirstBadByte(ReadOnlySpan<byte> document)
    {
        var offsetBytes = 0;
        while (Rune.DecodeFromUtf8(document[offsetBytes..], out _, out var lengthBytes)
               == OperationStatus.Done)
        {
            offsetBytes += lengthBytes;
        }

        return offsetBytes;
    }
}
