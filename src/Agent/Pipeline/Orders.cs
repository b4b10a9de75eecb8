using System.Collections.Concurrent;

namespace Agent.Pipeline;

/// <summary>What other threads want done by a reader's: it does so between two reads, so nothing that it owns needs a
/// lock.</summary>
sealed class Orders(Action wake)
{
    readonly ConcurrentQueue<Action> _orders = new();

    /// <summary>Leaves an order. On any thread.</summary>
    public void Add(Action order)
    {
        _orders.Enqueue(order);
        wake();
    }

    /// <summary>Carries out what was left. On the reader's thread.</summary>
    public void CarryOut()
    {
        while (_orders.TryDequeue(out var order))
        {
            order();
        }
    }
}
