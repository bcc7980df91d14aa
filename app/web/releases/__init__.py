"""What all partnerships of a round said together: reading it, and for administrators releasing it."""
