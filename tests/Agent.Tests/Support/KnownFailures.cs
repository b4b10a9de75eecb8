namespace Agent.Tests.Support;

/// <summary>Scripts that are known to fail, left out until what they show is mended: then its switch goes.
/// ModelFindingsTests has each as a test of its own.</summary>
static class KnownFailures
{
    const bool ACopyOfWhatNobodyHadSeenIsMissed = true;
    const bool ACopyWhoseLogIsReplacedBeforeALookIsMistaken = true;
    const bool ATruncatedLogThatWasRotatedWhileTheAgentWasDownIsMissed = true;
    const bool ATruncatedLogIsReadAgainOnceItIsRotated = true;
    const bool AnEmptyFileThatNobodyKnewIsNotWaitedFor = true;
    const bool ACopyThatHoldsLessThanWasReadIsReadAgain = true;
    const bool ACopyUnderANameThatIsReadAlreadyIsReadAgain = true;

    public static bool Has(IReadOnlyList<ModelStep> script, bool isPattern)
    {
        var seen = new Looks();
        return script.Any(step => seen.Fails(step.Word, isPattern));
    }

    /// <summary>What an agent could have seen so far, and what happened between two of its looks.</summary>
    sealed class Looks
    {
        bool _isDown;
        bool _wasDown; // since the last look
        bool _hasText = true;
        bool _isSeen = true;
        bool _isCopied; // since the last look, or about to be truncated
        bool _isAwaitingTruncation;
        bool _isDestroyed; // since the last look
        bool _wasTruncated;
        bool _isRotatedUnseen;
        bool _isNew; // the log, since the last look
        bool _isRotatedEmpty;

        public bool Fails(string word, bool isPattern)
        {
            switch (word)
            {
                case "start" or "stop" or "kill":
                    _isDown = word != "start";
                    _wasDown |= _isDown;
                    break;
                case "read" or "pass" when !_isDown:
                    _isSeen |= _hasText;
                    _isNew = false;
                    _isCopied &= _isAwaitingTruncation || word != "pass"; // a kill forgets what is not on disk
                    (_isDestroyed, _wasDown) = (false, false);
                    break;
                case "write" or "partial" or "finish":
                    _hasText |= word != "finish";
                    return ACopyThatHoldsLessThanWasReadIsReadAgain && isPattern && _isAwaitingTruncation;
                case "late":
                    return AnEmptyFileThatNobodyKnewIsNotWaitedFor && _isRotatedEmpty;
                case "copy":
                    (_isCopied, _isAwaitingTruncation) = (true, true);
                    return (ACopyOfWhatNobodyHadSeenIsMissed && _hasText && !_isSeen)
                        || (ACopyUnderANameThatIsReadAlreadyIsReadAgain && isPattern && _isRotatedUnseen);
                case "truncate" or "replace" or "delete" or "rotate" or "date" or "rename":
                    return FailsAtANewContent(word, isPattern);
            }

            return false;
        }

        bool FailsAtANewContent(string word, bool isPattern)
        {
            var isRotation = word is "rotate" or "date" or "rename";
            var fails =
                (ACopyWhoseLogIsReplacedBeforeALookIsMistaken && _isCopied && word != "truncate")
                || (ATruncatedLogThatWasRotatedWhileTheAgentWasDownIsMissed && _wasDown && _isDestroyed && isRotation)
                || (ATruncatedLogIsReadAgainOnceItIsRotated && isPattern && _wasTruncated && isRotation);
            _isRotatedEmpty |= isRotation && _isNew && !_hasText;
            _isNew = true;
            _isRotatedUnseen |= isRotation && _hasText && !_isSeen;
            (_hasText, _isSeen) = (false, false);
            _isDestroyed |= !isRotation;
            _wasTruncated |= word == "truncate";
            _isAwaitingTruncation &= word != "truncate";
            return fails;
        }
    }
}
