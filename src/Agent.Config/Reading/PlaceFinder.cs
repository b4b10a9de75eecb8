using System.Text;

namespace Agent.Config.Reading;

/// <summary>Turns byte offsets into lines and columns. Walks forward from the last answer, since a reader asks in
/// order: counting from the line's start each time would take hours on a large document without line breaks.</summary>
sealed class PlaceFinder(string file, byte[] document)
{
    int _offsetBytes;
    int _line = 1;
    int _column = 1;

    public Place At(long offsetBytes)
    {
        if (offsetBytes < _offsetBytes)
            (_offsetBytes, _line, _column) = (0, 1, 1);

        while (_offsetBytes < offsetBytes && _offsetBytes < document.Length)
            Step();

        return new Place(file, _line, _column);
    }

    void Step()
    {
        if (document[_offsetBytes] == (byte)'\n')
        {
            (_offsetBytes, _line, _column) = (_offsetBytes + 1, _line + 1, 1);
            return;
        }

        Rune.DecodeFromUtf8(document.AsSpan(_offsetBytes), out _, out var lengthBytes);
        (_offsetBytes, _column) = (_offsetBytes + lengthBytes, _column + 1);
    }
}
