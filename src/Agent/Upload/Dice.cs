namespace Agent.Upload;

/// <summary>Chance that any thread may ask for.</summary>
sealed class Dice
{
    readonly Lock _lock = new();
    readonly Random _random = new();

    /// <summary>A number from 0 up to but not including 1.</summary>
    public double Roll()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }
}
