import { terraTime } from '../dates';
import type { UserDay } from './day';
import { dayMetadata, within } from './day';

const GRAM = 1;
const MILLILITER = 8;
const MEALS = [
	{ name: 'Porridge with berries', type: 1, hour: 7, share: 0.3 },
	{ name: 'Lentil salad', type: 3, hour: 13, share: 0.35 },
	{ name: 'Pasta with vegetables', type: 5, hour: 19, share: 0.35 },
];

/** Three meals and a bottle of water; the day's totals are the sums of the meals. */
export function nutrition(day: UserDay) {
	const calories = within(day, 'eaten', 2000, 2900);
	const time = (hour: number) =>
		terraTime(day.startMs + hour * 3_600_000, day.profile.offsetMinutes);
	const meals = MEALS.map((meal) => ({
		id: `meal-${day.number}-${meal.type}`,
		name: meal.name,
		type: meal.type,
		timestamp: time(meal.hour),
		quantity: { unit: GRAM, amount: 420 },
		macros: macrosFor(Math.round(calories * meal.share)),
		micros: { sodium_mg: 640, calcium_mg: 220, iron_mg: 4 },
	}));
	const total = (name: keyof ReturnType<typeof macrosFor>) =>
		meals.reduce((sum, meal) => sum + meal.macros[name], 0);
	return {
		metadata: dayMetadata(day),
		meals,
		drink_samples: [
			{ timestamp: time(10), drink_volume: 750, drink_unit: MILLILITER, drink_name: 'Water' },
		],
		summary: {
			macros: {
				calories: total('calories'),
				carbohydrates_g: total('carbohydrates_g'),
				fat_g: total('fat_g'),
				protein_g: total('protein_g'),
			},
			micros: { sodium_mg: 1920, calcium_mg: 660, iron_mg: 12 },
			water_ml: 750,
		},
	};
}

function macrosFor(calories: number) {
	return {
		calories,
		carbohydrates_g: Math.round((calories * 0.55) / 4),
		fat_g: Math.round((calories * 0.28) / 9),
		protein_g: Math.round((calories * 0.17) / 4),
	};
}
