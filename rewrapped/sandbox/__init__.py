"""SQL of people, run in processes of its own that can reach nothing: `box` starts them, `child` is what runs there."""
