using Agent.Pipeline;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Agent.Tests.Pipeline;

/// <summary>Thousands that wait for room cost the thread a part of its time, and few wait for nothing.</summary>
public sealed class RoomPaceTests
{
    readonly FakeTimeProvider _time = new();
    readonly RoomPace _pace;

    public RoomPaceTests()
    {
        _pace = new(_time);
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void FewAreTriedWheneverRoomMayHaveBecomeFree()
    {
        for (var i = 0; i < 3; i++)
        {
            _pace.NoteRoom();
            Assert.True(_pace.TryBegin(99));
        }
    }

    [Fact]
    public void ThousandsAreTriedTenTimesASecondHoweverOftenRoomBecomesFree()
    {
        var tried = 0;
        for (var i = 0; i < 1000; i++)
        {
            _pace.NoteRoom();
            tried += _pace.TryBegin(10_000) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(10, tried);
    }

    [Fact]
    public void WhatIsPutOffIsDueByItself()
    {
        _pace.NoteRoom();
        Assert.True(_pace.TryBegin(10_000));
        Assert.Null(_pace.Due(10_000));
        _pace.NoteRoom();
        Assert.False(_pace.TryBegin(10_000));

        Assert.Equal(TimeSpan.FromMilliseconds(100), _pace.Due(10_000));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(_pace.TryBegin(10_000));
    }

    [Fact]
    public void WhereNobodyWaitsNothingIsDue()
    {
        _pace.NoteRoom();

        Assert.Null(_pace.Due(0));
    }
}
