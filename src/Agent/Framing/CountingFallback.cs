using System.Text;

namespace Agent.Framing;

/// <summary>Puts U+FFFD where bytes mean nothing, as all decoders do, and counts.</summary>
sealed class CountingFallback : DecoderFallback
{
    public int Replaced { get; set; }

    public override int MaxCharCount => 1;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Replacement(this);

    sealed class Replacement(CountingFallback owner) : DecoderFallbackBuffer
    {
        bool _isDue;

        public override int Remaining => _isDue ? 1 : 0;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            owner.Replaced++;
            _isDue = true;
            return true;
        }

        public override char GetNextChar()
        {
            var next = _isDue ? '\uFFFD' : '\0';
            _isDue = false;
            return next;
        }

        public override bool MovePrevious()
        {
            var moves = !_isDue;
            _isDue = true;
            return moves;
        }

        public override void Reset() => _isDue = false;
    }
}
