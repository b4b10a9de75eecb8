using Agent.Discovery;
using Agent.Tail;

namespace Agent.Pipeline;

/// <summary>Takes in the files of the past that were found: each is read on where it stood, or from its beginning where
/// nobody knew it, unless its lines come another way.</summary>
sealed class FoundFiles(SourcePlan plan, SourceRoom room, Lives lives, Truncation truncation, SourceTrouble trouble)
{
    string Destination => plan.Entry.Destination;

    public void Add(FoundPast found)
    {
        if (found.File.HoldsHandle)
        {
            room.Handles.TakeAnyway(); // it is open already, whatever the budget
        }

        trouble.Clear();
        if (truncation.TryGoOnIn(found))
        {
            room.Handles.GiveBack();
            return;
        }

        if (!found.IsKnown && IsReadAnyway(found))
        {
            found.File.Dispose();
            room.Handles.GiveBack();
            return;
        }

        room.News.Reading(found.Path, found.Position.OffsetBytes);
        var position = found.Position with
        {
            Identity = found.File.Identity,
            BootId = room.BootId,
            CutShort = found.CutShort
        };
        if (found is { CutShort: { } cut, File: TailedFile copy })
        {
            // Before the row that goes on in the copy: a kill may come between the two. How much a compressed copy
            // holds is known at its end.
            truncation.Record(
                found.Position with { Identity = cut.File, OffsetBytes = copy.KnownLengthBytes }, cut.KnownBytes);
            position = position with { CutShort = null };
        }

        var life = found.Path == plan.Path
            ? lives.Insert(lives.Count, found.File, position, isPast: false)
            : found.IsKnown ? lives.AddPast(found.File, position)
            : lives.AddUnseen(found.File, position);
        life.Lane.IsComplete = found.IsComplete;
        lives.GiveBackUnlessUsed(found.Position.Identity);
    }

    // Its renaming was told meanwhile, it was found to be a copy, another search came upon it first, or what was
    // compressed into it is still open.
    bool IsReadAnyway(FoundPast unseen)
    {
        if (room.Claims.HolderOf(unseen.File.Identity, Destination) is not null)
        {
            return true;
        }

        var look = PathLook.At(unseen.Path);
        if (IsBegun(unseen.File))
        {
            room.Claims.NoteCopy(look.Identity, look.Since, look.LengthBytes); // else it is searched again
        }

        return room.Claims.IsCopy(look.Identity, look.Since, look.LengthBytes);
    }

    bool IsBegun(TailedContent file) =>
        lives.ReaderOf(file) is not null
        || (file is GzipFile packed && (room.Claims.IsBegun(packed, Destination)
            || room.Claims.IsPackedFromOpen(packed, plan.Path, Destination)));
}
